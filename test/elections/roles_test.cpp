// SPDX-License-Identifier: BSL-1.0
// Many roles in one session of each process, on a real store. The fixture also checks that no two
// led a role at once and that the terms of each grew.
#include "elections/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using neli::test::all_stores;
using neli::test::contest;
using neli::test::nodes;
using neli::test::store_of;

BOOST_AUTO_TEST_SUITE(many_roles)

BOOST_DATA_TEST_CASE(are_all_led_and_taken_over_after_a_crash_and_when_a_session_closes, all_stores,
                     kind) {
  constexpr std::size_t count = 50;
  auto& store = store_of(kind);
  auto words = contest::words("roles", store.url(), store.new_ledger(), 5s);
  words.insert(words.end(), {"--roles", std::to_string(count)});
  nodes processes{words};
  processes.start("a");
  const auto led_by_a = processes.leaders(count, 2min);
  processes.start("b");
  processes.expect_of("b", "STARTED");
  processes.kill("a");
  const auto led_by_b = processes.leaders(count, 2min);
  for (const auto& [role, now] : led_by_b) {
    BOOST_TEST(now.name == "b");
    BOOST_TEST(now.number() > led_by_a.at(role).number());
  }
  processes.start("c");
  processes.expect_of("c", "STARTED");
  processes.close("b");
  for (const auto& [role, now] : processes.leaders(count, 2min)) {
    BOOST_TEST(now.name == "c");
    BOOST_TEST(now.number() > led_by_b.at(role).number());
  }
  processes.close("c");
  BOOST_TEST(processes.leaders().empty());
}

BOOST_AUTO_TEST_SUITE_END()
