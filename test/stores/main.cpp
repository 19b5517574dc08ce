// SPDX-License-Identifier: BSL-1.0
// Stores that are libraries of their own, on their servers; and the contracts, held against them.
#include "contract/hold.hpp"
#include "stores/consul_server.hpp"
#include "stores/consul_stand_in.hpp"
#include "stores/etcd_fixture.hpp"
#include "stores/etcd_ledgers.hpp"

#include <boost/test/unit_test.hpp>

namespace {

bool add_all() {
  using namespace neli::test;
  using namespace contract;
  using enum ability;
  auto& all = boost::unit_test::framework::master_test_suite();
  all.add(hold<registers>("etcd_register", of_registers(), {},
                          [] { return std::make_unique<etcd_registers>(); }));
  all.add(hold<registers>("consul_register", of_registers(), {},
                          [] { return std::make_unique<consul_registers>(); }));
  all.add(hold<ledgers>("etcd_ledger", of_ledgers(), {make_anew, name, cut_off, restart, health},
                        [] { return std::make_unique<etcd_ledgers>(); }));
  all.add(on_consul());
  return true;
}

}  // namespace

int main(int argc, char** argv) { return boost::unit_test::unit_test_main(&add_all, argc, argv); }
