// SPDX-License-Identifier: BSL-1.0
// The contract of stores/store.hpp, held against every store that there is: store/part/sentence.
#include "contract/hold.hpp"
#include "contract/store.hpp"

#include <boost/test/unit_test.hpp>

using namespace neli::test::contract;
namespace unit_test = boost::unit_test;

namespace {

bool add_all() {
  for (const auto& s : {in_memory(), simulated(), register_in_memory(), register_with_faults(),
                        embedded_kafka(), real_kafka()}) {
    auto* suite = BOOST_TEST_SUITE(s.name);
    suite->add(hold("ledgers", of_ledgers(), s.able, s.make_ledgers));
    if (s.make_memberships)
      suite->add(hold("memberships", of_memberships(), s.able, s.make_memberships));
    unit_test::framework::master_test_suite().add(suite);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) { return unit_test::unit_test_main(&add_all, argc, argv); }
