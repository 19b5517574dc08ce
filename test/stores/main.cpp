// SPDX-License-Identifier: BSL-1.0
// Stores that are libraries of their own, on their servers.
#include "stores/etcd_fixture.hpp"
#include "stores/register_contract.hpp"

#include <boost/test/unit_test.hpp>

namespace {

bool add_all() {
  using namespace neli::test;
  boost::unit_test::framework::master_test_suite().add(
      contract::hold_register("etcd_register", [] { return std::make_unique<etcd_registers>(); }));
  return true;
}

}  // namespace

int main(int argc, char** argv) { return boost::unit_test::unit_test_main(&add_all, argc, argv); }
