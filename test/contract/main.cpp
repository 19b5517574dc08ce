// SPDX-License-Identifier: BSL-1.0
// The contract of stores/store.hpp, held against every store that there is: store/part/sentence.
#include "contract/store.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace neli::test::contract;
namespace unit_test = boost::unit_test;

namespace {

template <class Store>
unit_test::test_suite* hold(const char* part, const std::vector<sentence<Store>>& contract,
                            const store& s, const std::function<std::unique_ptr<Store>()>& make) {
  auto* suite = BOOST_TEST_SUITE(part);
  for (const auto& x : contract) {
    if (!std::includes(s.able.begin(), s.able.end(), x.needs.begin(), x.needs.end())) continue;
    suite->add(
        unit_test::make_test_case([&x, make] { x.holds(*make()); }, x.name, __FILE__, __LINE__));
  }
  return suite;
}

bool add_all() {
  for (const auto& s : {in_memory(), simulated(), register_in_memory(), register_with_faults(),
                        embedded_kafka(), real_kafka()}) {
    auto* suite = BOOST_TEST_SUITE(s.name);
    suite->add(hold("ledgers", of_ledgers(), s, s.make_ledgers));
    if (s.make_memberships)
      suite->add(hold("memberships", of_memberships(), s, s.make_memberships));
    unit_test::framework::master_test_suite().add(suite);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) { return unit_test::unit_test_main(&add_all, argc, argv); }
