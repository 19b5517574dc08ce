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
  candidates.run_for(long_lease / 3);  // a heartbeat later, b need not wait for a's lease
  candidates.signal("a", SIGTERM);
  const auto second = with.next_leader("early");
  BOOST_TEST(second.name == "b");
  followers.start("late");
  followers.expect_of("late", "LEADER", "b " + second.detail + " at-b");

  with.contend("c");
  candidates.expect_of("c", "LEADER");
  followers.mark();
  candidates.kill("b");
  with.next_leader("early");
  for (const auto* name : {"early", "late"})
    followers.expect_of(name, "LEADER", "none lease expired");
  followers.mark();
  candidates.close("c");
  for (const auto* name : {"early", "late"}) followers.expect_of(name, "LEADER", "none released");
  for (const auto* name : {"early", "late"}) followers.close(name);
}

BOOST_DATA_TEST_CASE(one_that_is_asked_once_tells_who_leads_or_that_there_is_no_ledger, all_stores,
                     kind) {
  contest with{kind};
  auto& candidates = with.candidates;
  nodes followers{contest::words("follow", with.store.url(), with.ledger, long_lease)};
  const auto asked = [&](const std::string& ledger) {
    followers.start("asked", {"--once", "--ledger", ledger});
    return followers.wait_for_end("asked");
  };
  BOOST_TEST(asked(with.store.new_ledger()) == 2);
  BOOST_TEST(followers.last("asked", "CLOSED")->detail.find("there is no ledger yet") !=
             std::string::npos);
  candidates.start("a");
  candidates.leader();
  BOOST_TEST(asked(with.ledger) == 0);
  BOOST_TEST(followers.last("asked", "LEADER")->detail.starts_with("a "));
  candidates.kill("a");
  BOOST_TEST(asked(with.ledger) == 1);  // although the dead leader's last heartbeat is read
  BOOST_TEST(followers.last("asked", "LEADER")->detail == "none lease expired");
}

BOOST_AUTO_TEST_SUITE_END()
