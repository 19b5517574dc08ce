// SPDX-License-Identifier: BSL-1.0
#include "harness/elections.hpp"

#include <signal.h>

#include <string>
#include <vector>

namespace neli::test {

using namespace std::chrono_literals;

void check_that_a_hand_over_waits_for_the_barrier(election_fixture& with, int hand_overs,
                                                  std::chrono::milliseconds barrier) {
  auto& candidates = with.candidates;
  const std::vector<std::string> slowly{"--barrier-ms", std::to_string(barrier.count())};
  candidates.start("n0", slowly);
  candidates.start("n1", slowly);
  auto leader = candidates.leader().name;
  for (int i = 0; i < hand_overs; ++i) {
    candidates.start("n" + std::to_string(i + 2), slowly);
    candidates.signal(leader, SIGTERM);
    const auto next = candidates.expect("ACQUIRED");
    BOOST_TEST(candidates.expect_of(leader, "FLUSHED").ns < next.ns);
    BOOST_TEST(next.name != leader);
    BOOST_TEST(candidates.wait_for_end(leader) == 0);
    leader = candidates.leader().name;
  }
  BOOST_TEST(candidates.count("FENCED") == 0u);
}

void check_that_another_leads_after_a_crash(election_fixture& with) {
  auto& candidates = with.candidates;
  for (const auto* name : {"a", "b", "c"}) candidates.start(name);
  candidates.leader();
  candidates.run_for(short_lease);
  const auto first = candidates.leader();
  candidates.kill(first.name);
  const auto next = candidates.expect("LEAD");
  BOOST_TEST(next.name != first.name);
  BOOST_TEST(next.number() > first.number());
}

void check_that_a_paused_leader_says_no_from_its_first_answer_on(election_fixture& with) {
  auto& candidates = with.candidates;
  with.start_a_then_b();
  candidates.run_for(500ms);
  const auto paused = candidates.leader();
  candidates.signal(paused.name, SIGSTOP);
  const auto next = with.another_than(paused.name);
  candidates.run_for(short_lease + 200ms);
  candidates.signal(paused.name, SIGCONT);
  const auto resumed = candidates.expect_of(paused.name, "RESUMED");
  BOOST_TEST(resumed.number(0) > 1000u);  // ms: longer than the lease
  BOOST_TEST(resumed.number(1) == 0u);    // of 1000 questions
  with.why_fenced(paused);

  candidates.kill(next.name);
  const auto again = with.another_than(next.name);
  BOOST_TEST(again.name == paused.name);
  BOOST_TEST(again.number() > next.number());
}

}  // namespace neli::test
