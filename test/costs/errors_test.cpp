// SPDX-License-Identifier: BSL-1.0
// The memory that texts of errors may take in a process that lives long. In a program of its own,
// as these tests fill a store that all tests of a program share.
#include "with_text.hpp"
#include <neli/error.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

using namespace neli;

BOOST_AUTO_TEST_SUITE(texts_of_errors)

BOOST_AUTO_TEST_CASE(are_cut_when_they_are_long) {
  const auto e = with_text(errc::no_ledger, std::string(5000, 'x'));
  BOOST_TEST(e.message() == std::string(1000, 'x'));
}

BOOST_AUTO_TEST_CASE(are_kept_in_a_bounded_number) {
  const auto text = [](int n) { return "text " + std::to_string(n); };
  const auto first = with_text(errc::no_ledger, text(0));
  for (int n = 1; n < 2000; ++n) with_text(errc::no_ledger, text(n));
  BOOST_TEST(with_text(errc::no_ledger, text(0)).message() == text(0));
  BOOST_TEST(first.message() == text(0));
  const auto late = with_text(errc::no_ledger, text(2000));
  BOOST_TEST((late == errc::no_ledger));
  BOOST_TEST(late.message() == make_error_code(errc::no_ledger).message());
}

BOOST_AUTO_TEST_SUITE_END()
