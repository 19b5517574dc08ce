// SPDX-License-Identifier: BSL-1.0
// ZooKeeper as the store, on real servers; and the contracts, held against it.
#include "contract/hold.hpp"
#include "zookeeper/fixture.hpp"
#include "zookeeper/ledgers.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>

namespace {

bool add_contracts() {
  using namespace neli::test;
  using namespace contract;
  using enum ability;
  auto& all = boost::unit_test::framework::master_test_suite();
  all.add(hold<registers>("register_contract", of_registers(), {},
                          [] { return std::make_unique<zookeeper_registers>(); }));
  all.add(hold<ledgers>("ledger_contract", of_ledgers(),
                        {make_anew, name, cut_off, restart, health},
                        [] { return std::make_unique<zookeeper_ledgers>(); }));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  return boost::unit_test::unit_test_main(&add_contracts, argc, argv);
}
