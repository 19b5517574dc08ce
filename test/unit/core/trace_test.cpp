// SPDX-License-Identifier: BSL-1.0
// How each input and action is written in a trace; trace.golden has the expected lines.
#include "core/trace.hpp"

#include "support/golden.hpp"
#include "unit/core/everything.hpp"

#include <boost/test/unit_test.hpp>

using namespace neli::test::everything;

BOOST_AUTO_TEST_SUITE(lines)

BOOST_AUTO_TEST_CASE(of_a_trace) {
  const settings how{neli::arbitration::ledger, 3000ms, 750ms, 500ms, 100ms, {}};
  auto text = trace(now, {"id-1", "ann", "here", 1}, how, {action::read_back{1000}}) + "\n";
  for (const auto& i : inputs) text += trace(now, i, {}) + "\n";
  for (const auto& a : all_actions()) text += trace(now, input::tick{}, {a}) + "\n";
  neli::test::expect_golden("unit/core/trace", text);
}

BOOST_AUTO_TEST_SUITE_END()
