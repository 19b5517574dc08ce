// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "contract/store.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace neli::test::contract {

/// A suite with a test for each sentence of the contract, held against what `make` makes; without
/// those that need what it is not able to.
template <class Store>
boost::unit_test::test_suite* hold(const std::string& name,
                                   const std::vector<sentence<Store>>& contract,
                                   const std::set<ability>& able,
                                   const std::function<std::unique_ptr<Store>()>& make) {
  auto* suite = BOOST_TEST_SUITE(name);
  for (const auto& x : contract) {
    if (!std::includes(able.begin(), able.end(), x.needs.begin(), x.needs.end())) continue;
    suite->add(boost::unit_test::make_test_case([&x, make] { x.holds(*make()); }, x.name, __FILE__,
                                                __LINE__));
  }
  return suite;
}

}  // namespace neli::test::contract
