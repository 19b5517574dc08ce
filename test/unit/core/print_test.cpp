// SPDX-License-Identifier: BSL-1.0
// How each input and action is written in a transcript; transcript.golden has the expected lines.
#include "core/print.hpp"

#include "support/golden.hpp"
#include "unit/core/everything.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace neli::test::everything;

BOOST_AUTO_TEST_SUITE(lines)

BOOST_AUTO_TEST_CASE(of_a_transcript) {
  std::string text;
  for (const auto& i : inputs) text += print(i) + "\n";
  for (const auto& a : all_actions()) text += print(a, zero) + "\n";
  neli::test::expect_golden("unit/core/transcript", text);
}

BOOST_AUTO_TEST_SUITE_END()
