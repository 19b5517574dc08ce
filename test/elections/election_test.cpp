// SPDX-License-Identifier: BSL-1.0
// Candidates in processes of their own on a real store. Besides what a test checks, its fixture
// checks that no two led at once, that terms grew, and that the protocol allows every step.
#include "elections/fixture.hpp"
#include "harness/elections.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using neli::test::all_stores;
using neli::test::contest;
using neli::test::short_lease;

BOOST_AUTO_TEST_SUITE(elections)

BOOST_DATA_TEST_CASE(exactly_one_leads_while_standbys_come_and_go, all_stores, kind) {
  contest with{kind};
  auto& candidates = with.candidates;
  candidates.start("a");
  const auto first = candidates.leader();
  for (const auto* standby : {"b", "c", "d"}) {
    candidates.start(standby);
    candidates.expect_of(standby, "LEADER", "a " + first.detail);
  }
  candidates.close("c");
  candidates.kill("d");
  candidates.run_for(1s);
  BOOST_TEST(candidates.leader().detail == first.detail);
  BOOST_TEST(candidates.count("ACQUIRED") == 1u);
  BOOST_TEST(candidates.count("NOLEAD") == 0u);
  BOOST_TEST(candidates.count("REVOKED") + candidates.count("FENCED") == 0u);

  candidates.close("a");
  BOOST_TEST(candidates.leader().name == "b");
  candidates.close("b");
}

BOOST_DATA_TEST_CASE(a_hand_over_waits_for_the_barrier, all_stores, kind) {
  contest with{kind};
  neli::test::check_that_a_hand_over_waits_for_the_barrier(with, 10, 50ms);
}

BOOST_DATA_TEST_CASE(another_candidate_leads_after_a_crash, all_stores, kind) {
  contest with{kind, short_lease};
  neli::test::check_that_another_leads_after_a_crash(with);
}

BOOST_DATA_TEST_CASE(a_paused_leader_says_no_from_its_first_answer_on, all_stores, kind) {
  contest with{kind, short_lease};
  neli::test::check_that_a_paused_leader_says_no_from_its_first_answer_on(with);
}

BOOST_DATA_TEST_CASE(while_a_leaders_event_loop_is_blocked_another_leads, all_stores, kind) {
  contest with{kind, short_lease};
  auto& candidates = with.candidates;
  const std::vector<std::string> blocking{"--block-ms", "10000"};
  with.start_a_then_b(blocking, blocking);
  const auto blocked = candidates.leader();
  candidates.signal(blocked.name, SIGUSR1);
  const auto next = with.another_than(blocked.name);
  const auto over = candidates.expect_of(blocked.name, "UNBLOCKED");
  BOOST_TEST(next.ns < over.ns);
  const auto silent = candidates.last(blocked.name, "NOLEAD");  // said by another thread, meanwhile
  BOOST_REQUIRE(silent);
  BOOST_TEST(silent->ns < over.ns);
  BOOST_TEST(with.why_fenced(blocked).find("lease expired") != std::string::npos);
  candidates.leader();
}

BOOST_AUTO_TEST_SUITE_END()
