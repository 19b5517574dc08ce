// SPDX-License-Identifier: BSL-1.0
// The broker goes away, or the topic does.
#include "kafka/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>

using namespace std::chrono_literals;
using neli::test::both;
using neli::test::broker;
using neli::test::kafka_fixture;
using neli::test::long_lease;
using neli::test::short_lease;

BOOST_AUTO_TEST_SUITE(outages)

BOOST_DATA_TEST_CASE(shorter_than_the_lease_do_not_disturb_the_leader, both, arbitration) {
  kafka_fixture with{arbitration};
  auto& candidates = with.candidates;
  const auto first = with.start_a_then_b();
  candidates.run_for(500ms);
  with.kafka.command({"pause", "1", "--for", "1"});
  candidates.run_for(long_lease + 1s);
  BOOST_TEST(candidates.leader().detail == first.detail);
  BOOST_TEST(candidates.count("NOLEAD") == 0u);
  BOOST_TEST(candidates.count("ACQUIRED") == 1u);
}

BOOST_DATA_TEST_CASE(longer_than_the_lease_fence_the_leader_and_a_new_term_follows, both,
                     arbitration) {
  kafka_fixture with{arbitration, short_lease};
  auto& candidates = with.candidates;
  with.start_a_then_b();
  const auto first = candidates.leader();
  with.kafka.command({"stop-node", "1"});
  with.why_fenced(first);
  with.until([&] { return candidates.count("TROUBLE") > candidates.count("WELL"); });
  candidates.mark();
  with.kafka.command({"start-node", "1"});
  BOOST_TEST(candidates.leader(2min).number() > first.number());
  candidates.expect("WELL", 2min);
}

BOOST_DATA_TEST_CASE(a_topic_deleted_and_made_again_costs_a_term, both, arbitration) {
  kafka_fixture with{arbitration};
  auto& candidates = with.candidates;
  const auto first = with.start_a_then_b();
  candidates.mark();
  with.kafka.tool({"TopicCommand", "--delete", "--topic", with.topic});
  const auto next = candidates.expect("LEAD", 2min);
  BOOST_TEST(next.number() > first.number());
  BOOST_TEST(candidates.count("FENCED") + candidates.count("REVOKED") > 0u);
  candidates.run_for(3s);
  candidates.leader();
}

BOOST_DATA_TEST_CASE(closing_is_bounded_while_the_broker_is_away, both, arbitration) {
  kafka_fixture with{arbitration, short_lease};
  auto& candidates = with.candidates;
  candidates.start("a", {"--barrier-ms", "50"});
  candidates.start("b");
  candidates.expect_of("b", "LEADER");
  candidates.leader();
  with.kafka.command({"pause", "1"});
  for (const auto* name : {"a", "b"}) candidates.signal(name, SIGTERM);
  for (const auto* name : {"a", "b"}) candidates.wait_for_end(name, 1min);
  with.kafka.command({"resume", "1"});
}

BOOST_FIXTURE_TEST_CASE(closing_is_bounded_while_a_rebalance_is_pending, kafka_fixture) {
  candidates.start("a", {"--barrier-ms", "3000", "--assignor", "range"});
  candidates.leader();
  candidates.start("b", {"--assignor", "range"});  // the group waits for a's barrier
  candidates.expect_of("a", "REVOKED");
  candidates.signal("b", SIGTERM);
  BOOST_TEST(candidates.wait_for_end("b", 1min) == 0);
  candidates.signal("a", SIGTERM);
  BOOST_TEST(candidates.wait_for_end("a", 1min) == 0);
}

BOOST_DATA_TEST_CASE(a_candidate_waits_for_brokers_that_were_never_there, both, arbitration) {
  kafka_fixture with{arbitration, short_lease};
  auto& candidates = with.candidates;
  broker late{neli::test::in_a_hurry};
  late.command({"stop-node", "1"});
  candidates.start("a", {"--servers", late.servers()});
  BOOST_TEST(candidates.expect_of("a", "TROUBLE").detail.find("trying again") != std::string::npos);
  candidates.run_for(2s);
  late.command({"start-node", "1"});
  candidates.leader();
  candidates.close("a");
}

BOOST_AUTO_TEST_SUITE_END()
