// SPDX-License-Identifier: BSL-1.0
// The same steps again and again, to find what goes wrong once in a hundred times.
#include "kafka/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>

#include <random>

using namespace std::chrono_literals;
using neli::test::both;
using neli::test::kafka_fixture;
using neli::test::short_lease;
using neli::test::trials;

namespace {

std::string standby(int n) { return "standby" + std::to_string(n); }

}  // namespace

BOOST_AUTO_TEST_SUITE(endurance)

BOOST_DATA_TEST_CASE(standbys_come_and_go_unnoticed, both, arbitration) {
  kafka_fixture with{arbitration};
  auto& candidates = with.candidates;
  std::mt19937 random{4711};
  candidates.start("a");
  const auto first = candidates.leader();
  for (int n = 0; n < trials(12); n += 4) {
    for (int i = n; i < n + 4; ++i) {
      candidates.start(standby(i));
      candidates.expect_of(standby(i), "LEADER");
    }
    // Shorter than a session or longer, so that the group has sometimes noticed the earlier kills,
    // and sometimes not.
    candidates.run_for(with.session * static_cast<int>(random() % 150) / 100);
    candidates.kill(standby(n));
    candidates.close(standby(n + 1));
    candidates.kill(standby(n + 2));
    candidates.close(standby(n + 3));
    BOOST_REQUIRE(candidates.leader().detail == first.detail);
  }
  candidates.run_for(with.session + 1s);  // until the group has noticed
  BOOST_TEST(candidates.leader().detail == first.detail);
  BOOST_TEST(candidates.count("ACQUIRED") == 1u);
  BOOST_TEST(candidates.count("NOLEAD") == 0u);
  BOOST_TEST(candidates.count("REVOKED") + candidates.count("FENCED") == 0u);
}

BOOST_AUTO_TEST_CASE(no_leader_that_was_paused_for_longer_than_its_lease_still_leads) {
  kafka_fixture with{"ledger", short_lease};
  auto& candidates = with.candidates;
  std::mt19937 random{4711};
  for (const auto* name : {"a", "b", "c"}) candidates.start(name);
  int passed_on = 0;
  for (int i = 0; i < trials(5); ++i) {
    candidates.run_for(std::chrono::milliseconds{random() % 250});  // anywhere between heartbeats
    const auto paused = candidates.leader();
    candidates.signal(paused.name, SIGSTOP);
    candidates.run_for(1200ms);
    candidates.signal(paused.name, SIGCONT);
    const auto resumed = candidates.expect_of(paused.name, "RESUMED");
    BOOST_REQUIRE(resumed.number(0) > 1000u);  // ms: longer than the lease
    BOOST_REQUIRE(resumed.number(1) == 0u);    // of 1000 questions
    with.why_fenced(paused);
    passed_on += candidates.leader().name != paused.name;
  }
  BOOST_TEST_MESSAGE(passed_on << " of " << trials(5) << " were followed by another");
}

BOOST_AUTO_TEST_SUITE_END()
