// SPDX-License-Identifier: BSL-1.0
// What servers do not allow.
#include "elections/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using neli::test::all_stores;
using neli::test::contest;
using neli::test::nodes;
using neli::test::short_lease;
using neli::test::store_of;

namespace {

void ends_with(nodes& all, int status, const std::string& text) {
  BOOST_TEST(all.wait_for_end("refused") == status);
  const auto said = all.last("refused", "CLOSED");
  BOOST_REQUIRE(said);
  BOOST_TEST_INFO(said->detail);
  BOOST_TEST(said->detail.find(text) != std::string::npos);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_DATA_TEST_CASE(rights_that_are_missing_end_candidates_and_followers_with_the_servers_text,
                     all_stores, kind) {
  const auto there = store_of(kind).forbid();
  const auto words = [&](const std::string& subcommand) {
    return contest::words(subcommand, there.url, there.ledger, short_lease);
  };
  nodes candidates{words("contend")};
  nodes followers{words("follow")};
  // They try for ten seconds, at the same time.
  candidates.start("refused");
  followers.start("refused");
  ends_with(candidates, 1, there.text);
  ends_with(followers, 2, there.text);
  BOOST_TEST(candidates.last("refused", "TROUBLE")->detail.find(there.text) != std::string::npos);
  BOOST_TEST(candidates.count("LEAD") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
