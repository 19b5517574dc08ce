// SPDX-License-Identifier: BSL-1.0
// Candidates in processes of their own on a real Kafka. Besides what a test checks, its fixture
// checks that no two led at once and that terms grew.
#include "harness/elections.hpp"
#include "kafka/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>

#include <facts.hpp>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using neli::test::both;
using neli::test::kafka_fixture;
using neli::test::short_lease;

namespace {

const auto assignors = boost::unit_test::data::make({"cooperative-sticky", "range"});

/// How long a group waits for a member that left without a good-bye.
constexpr auto long_session = 2min;

std::vector<std::string> with_long_session(const std::string& assignor) {
  return {"--assignor", assignor, "--session-ms",
          std::to_string(std::chrono::milliseconds{long_session}.count())};
}

/// Starts a member of the group, and waits until the rebalance for it is over.
void start_and_join(neli::test::nodes& candidates, const std::string& name,
                    const std::vector<std::string>& options) {
  candidates.start(name, options);
  candidates.expect_of(name, "LEADER");
  candidates.run_for(700ms);  // several group heartbeats
}

}  // namespace

BOOST_AUTO_TEST_SUITE(elections)

BOOST_DATA_TEST_CASE(exactly_one_leads_while_four_come_and_go, both, arbitration) {
  kafka_fixture with{arbitration};
  auto& candidates = with.candidates;
  candidates.start("a");
  const auto first = candidates.leader();
  BOOST_TEST(first.name == "a");
  for (const auto* standby : {"b", "c", "d"}) {
    candidates.start(standby);
    candidates.expect_of(standby, "LEADER");
    candidates.run_for(700ms);  // several group heartbeats: the rebalance is over
    BOOST_TEST(candidates.leader().detail == first.detail);
  }
  candidates.close("c");
  candidates.run_for(700ms);
  candidates.kill("d");
  candidates.run_for(with.session + 1s);  // until the group has noticed
  BOOST_TEST(candidates.leader().detail == first.detail);
  BOOST_TEST(candidates.count("ACQUIRED") == 1u);
  BOOST_TEST(candidates.count("NOLEAD") == 0u);
  BOOST_TEST(candidates.count("REVOKED") + candidates.count("FENCED") == 0u);

  candidates.close("a");
  BOOST_TEST(candidates.leader().name == "b");
  candidates.close("b");
}

BOOST_DATA_TEST_CASE(a_standby_that_has_left_delays_no_hand_over, assignors, assignor) {
  kafka_fixture with{"group"};
  auto& candidates = with.candidates;
  for (const auto* name : {"a", "b", "c"})
    start_and_join(candidates, name, with_long_session(assignor));
  const auto leader = candidates.leader().name;
  for (const auto* name : {"a", "b", "c"})
    if (name != leader) {
      candidates.close(name);
      break;
    }
  candidates.close(leader);
  BOOST_TEST(candidates.leader(long_session / 2).name != leader);
}

BOOST_DATA_TEST_CASE(standbys_that_leave_amid_a_rebalance_delay_no_hand_over, assignors, assignor) {
  kafka_fixture with{"group"};
  auto& candidates = with.candidates;
  const auto options = with_long_session(assignor);
  for (const auto* name : {"a", "b"}) start_and_join(candidates, name, options);
  // When the first standby leaves, the group rebalances, for about a heartbeat of a tenth of a
  // second.
  for (auto after = 0ms; after < 160ms; after += 20ms) {
    const auto n = std::to_string(after.count());
    for (const auto& name : {"c" + n, "d" + n}) candidates.start(name, options);
    candidates.run_for(1s);
    for (const auto& name : {"c" + n, "d" + n})
      with.until([&] { return candidates.last(name, "LEADER").has_value(); });
    candidates.signal("c" + n, SIGTERM);
    candidates.run_for(after);
    candidates.close("d" + n);
    BOOST_TEST(candidates.wait_for_end("c" + n) == 0);
  }
  const auto leader = candidates.leader().name;
  candidates.close(leader);
  BOOST_TEST(candidates.leader(long_session / 2).name != leader);
}

BOOST_DATA_TEST_CASE(a_hand_over_waits_for_the_barrier, both, arbitration) {
  kafka_fixture with{arbitration};
  neli::test::check_that_a_hand_over_waits_for_the_barrier(with, 30, 20ms);
}

BOOST_DATA_TEST_CASE(a_candidate_that_resigns_lets_another_lead, both, arbitration) {
  kafka_fixture with{arbitration};
  auto& candidates = with.candidates;
  // Each stands back for so long that it does not lead a second time, however busy the machine is.
  for (const auto* name : {"a", "b", "c", "d"})
    start_and_join(candidates, name, {"--stand-back-ms", "600000"});
  auto leader = candidates.leader();
  for (int i = 0; i < 3; ++i) {
    candidates.signal(leader.name, SIGUSR2);
    const auto next = candidates.expect("LEAD");
    BOOST_TEST(next.name != leader.name);
    BOOST_TEST(next.number() > leader.number());
    candidates.expect_of(leader.name, "RESIGNED");
    leader = next;
  }
  BOOST_TEST(candidates.count("FENCED") == 0u);
}

BOOST_DATA_TEST_CASE(a_candidate_that_resigns_alone_leads_again, both, arbitration) {
  kafka_fixture with{arbitration};
  auto& candidates = with.candidates;
  candidates.start("a", {"--stand-back-ms", "1000"});
  const auto first = candidates.leader();
  const auto asked = neli::tools::now_ns();
  candidates.signal("a", SIGUSR2);
  candidates.expect_of("a", "RESIGNED");
  const auto again = candidates.expect_of("a", "LEAD");
  BOOST_TEST(again.number() > first.number());
  BOOST_TEST((std::chrono::nanoseconds{again.ns - asked} >= 1s));
}

BOOST_DATA_TEST_CASE(another_candidate_leads_after_a_crash, both, arbitration) {
  kafka_fixture with{arbitration, short_lease};
  neli::test::check_that_another_leads_after_a_crash(with);
}

BOOST_DATA_TEST_CASE(a_paused_leader_says_no_from_its_first_answer_on, both, arbitration) {
  kafka_fixture with{arbitration, short_lease};
  neli::test::check_that_a_paused_leader_says_no_from_its_first_answer_on(with);
}

BOOST_DATA_TEST_CASE(a_leader_with_a_blocked_event_loop_is_fenced, both, arbitration) {
  kafka_fixture with{arbitration, short_lease};
  auto& candidates = with.candidates;
  candidates.start("a", {"--block-ms", "10000"});
  const auto first = candidates.leader();
  candidates.signal("a", SIGUSR1);
  const auto over = candidates.expect_of("a", "UNBLOCKED");
  const auto silent = candidates.last("a", "NOLEAD");  // said by another thread, meanwhile
  BOOST_REQUIRE(silent);
  BOOST_TEST(silent->ns < over.ns);
  BOOST_TEST(with.why_fenced(first).find("lease expired") != std::string::npos);
  BOOST_TEST(candidates.expect_of("a", "LEAD").number() > first.number());
}

BOOST_DATA_TEST_CASE(a_barrier_that_hangs_is_given_up, both, arbitration) {
  kafka_fixture with{arbitration};
  auto& candidates = with.candidates;
  with.start_a_then_b({"--barrier", "hangs", "--barrier-timeout-ms", "1000"});
  candidates.signal("a", SIGTERM);
  candidates.expect_of("a", "REVOKED");
  const auto fenced = candidates.expect_of("a", "FENCED");
  BOOST_TEST(fenced.detail.find("barrier timeout") != std::string::npos);
  BOOST_TEST(candidates.expect_of("b", "LEAD").ns > fenced.ns);
  BOOST_TEST(candidates.wait_for_end("a") == 0);
}

BOOST_DATA_TEST_CASE(a_barrier_that_throws_is_reported_and_counts_as_returned, both, arbitration) {
  kafka_fixture with{arbitration};
  auto& candidates = with.candidates;
  with.start_a_then_b({"--barrier", "throws"});
  candidates.signal("a", SIGTERM);
  BOOST_TEST(candidates.expect_of("a", "BARRIER_FAILED").detail == "the barrier throws");
  candidates.expect_of("b", "LEAD");
  BOOST_TEST(candidates.count("FENCED") == 0u);
}

BOOST_FIXTURE_TEST_CASE(the_range_assignor_hands_over_in_order_at_every_join, kafka_fixture) {
  const std::vector<std::string> range{"--assignor", "range"};
  candidates.start("a", range);
  candidates.leader();
  candidates.start("b", range);
  candidates.expect_of("a", "REVOKED");
  candidates.expect("LEAD");
  candidates.run_for(1s);
  candidates.close(candidates.leader().name);
  candidates.expect("LEAD");
  BOOST_TEST(candidates.count("FENCED") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
