// SPDX-License-Identifier: BSL-1.0
// Followers in processes of their own, beside candidates on a real store.
#include "elections/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using neli::test::all_stores;
using neli::test::contest;
using neli::test::long_lease;
using neli::test::nodes;

namespace {

struct following : contest {
  explicit following(const std::string& kind) : contest{kind, long_lease, false} {}

  void contend(const std::string& name) { candidates.start(name, {"--metadata", "at-" + name}); }

  /// Waits until a new leader leads and the follower says so; who.
  neli::tools::fact next_leader(const std::string& follower) {
    const auto led = candidates.expect("LEAD");
    followers.expect_of(follower, "LEADER", led.name + " " + led.detail + " at-" + led.name);
    return led;
  }

  nodes followers{words("follow", store.url(), ledger, long_lease)};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(followers)

BOOST_DATA_TEST_CASE(one_that_comes_before_all_waits_and_is_told_of_each_leader_and_of_none,
                     all_stores, kind) {
  following with{kind};
  auto& candidates = with.candidates;
  auto& followers = with.followers;
  followers.start("early");
  followers.expect_of("early", "STARTED");
  followers.run_for(1s);
  BOOST_TEST(followers.count("LEADER") == 0u);

  with.contend("a");
  const auto first = with.next_leader("early");
  BOOST_TEST(first.name == "a");
  with.contend("b");
  candidates.expect_of("b", "LEADER");
  candidates.signal("a", SIGTERM);
  const auto second = with.next_leader("early");
  BOOST_TEST(second.name == "b");
  followers.start("late");
  followers.expect_of("late", "LEADER", "b " + second.detail + " at-b");

  followers.mark();
  candidates.kill("b");
  for (const auto* name : {"early", "late"})
    followers.expect_of(name, "LEADER", "none lease expired");
  with.contend("c");
  with.next_leader("early");
  followers.mark();
  candidates.close("c");
  for (const auto* name : {"early", "late"}) followers.expect_of(name, "LEADER", "none released");
  for (const auto* name : {"early", "late"}) followers.close(name);
}

BOOST_AUTO_TEST_SUITE_END()
