// SPDX-License-Identifier: BSL-1.0
// The example of a register over PostgreSQL, held to what register.hpp says, and to be led over.
#include "contract/hold.hpp"
#include "postgresql/fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace {

bool add_all() {
  using namespace neli::test;
  using namespace contract;
  boost::unit_test::framework::master_test_suite().add(
      hold<registers>("postgresql_register", of_registers(), {},
                      [] { return std::make_unique<postgresql_registers>(); }));
  return true;
}

}  // namespace

int main(int argc, char** argv) { return boost::unit_test::unit_test_main(&add_all, argc, argv); }
