// SPDX-License-Identifier: BSL-1.0
// Followers in processes of their own, beside candidates on a real Kafka.
#include "kafka/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using neli::test::both;
using neli::test::kafka_fixture;
using neli::test::nodes;
using neli::tools::fact;

namespace {

using strings = std::vector<std::string>;

struct following : kafka_fixture {
  using kafka_fixture::kafka_fixture;

  nodes followers{{"follow", "--servers", kafka.servers(), "--topic", topic, "--lease-ms",
                   std::to_string(neli::test::long_lease.count())}};
  strings live;   ///< followers
  strings terms;  ///< the terms that candidates said they lead, in the words of a LEADER fact

  void follow(const std::string& name, const std::string& told_first) {
    followers.start(name, {"--create-topic"});
    followers.expect_of(name, "LEADER", told_first);
    live.push_back(name);
  }

  /// Waits until a new leader leads and every follower says so.
  fact next_leader() {
    const auto leader = candidates.expect("LEAD");
    terms.push_back(leader.name + " " + leader.detail + " at-" + leader.name);
    everybody_says(terms.back());
    return leader;
  }

  void everybody_says(const std::string& detail) {
    for (const auto& name : live) followers.expect_of(name, "LEADER", detail);
  }

  void contend(const std::string& name) {
    candidates.start(name, {"--metadata", "at-" + name, "--stand-back-ms", "1500"});
  }

  void stop(const std::string& candidate, int signal) {
    followers.mark();
    if (signal == SIGKILL)
      candidates.kill(candidate);
    else
      candidates.signal(candidate, signal);
  }

  /// The terms that the follower has told of, each once.
  static strings told_by(const nodes& all, const std::string& name) {
    strings told;
    for (const auto& f : all.said())
      if (f.name == name && f.what == "LEADER" && !f.detail.starts_with("none "))
        if (told.empty() || told.back() != f.detail) told.push_back(f.detail);
    return told;
  }

  /// Checks that no term is missing in between.
  void told_without_a_gap(const nodes& all, const std::string& name) {
    const auto told = told_by(all, name);
    BOOST_TEST(!told.empty());
    BOOST_TEST((std::search(terms.begin(), terms.end(), told.begin(), told.end()) != terms.end()),
               name << " told of other terms than were led");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(followers)

BOOST_DATA_TEST_CASE(tell_of_the_same_terms_as_the_leaders, both, arbitration) {
  following with{arbitration};
  auto& candidates = with.candidates;
  auto& followers = with.followers;
  with.follow("early", "none released");
  with.contend("a");
  with.next_leader();
  for (const auto* name : {"b", "c"}) {
    with.contend(name);
    candidates.expect_of(name, "LEADER");
  }
  candidates.run_for(700ms);  // several group heartbeats: the rebalance is over
  with.follow("killed", with.terms.back());

  with.stop("a", SIGTERM);
  auto leader = with.next_leader();
  with.stop(leader.name, SIGUSR2);
  leader = with.next_leader();
  followers.kill("killed");
  with.live = {"early"};
  with.stop(leader.name, SIGKILL);
  leader = with.next_leader();  // the last one

  for (const auto* name : {"late", "restarted"}) with.follow(name, with.terms.back());
  with.stop(leader.name, SIGUSR2);
  with.everybody_says("none released");
  with.next_leader();
  with.stop(leader.name, SIGKILL);
  with.everybody_says("none lease expired");

  BOOST_TEST(with.told_by(followers, "early") == with.terms, boost::test_tools::per_element());
  for (const auto* name : {"killed", "late", "restarted"}) with.told_without_a_gap(followers, name);
  for (const auto* name : {"late", "restarted"})
    BOOST_TEST(with.told_by(followers, name).back() == with.terms.back());
  for (const auto* name : {"a", "b", "c"}) with.told_without_a_gap(candidates, name);
  for (const auto& name : with.live) followers.close(name);
}

BOOST_FIXTURE_TEST_CASE(tell_whether_a_candidate_leads_when_asked_once, following) {
  const auto asked = [&](const strings& options = {}) {
    strings all{"--once"};
    all.insert(all.end(), options.begin(), options.end());
    followers.start("asked", all);
    return followers.wait_for_end("asked");
  };
  BOOST_TEST(asked({"--topic", neli::test::unique("absent")}) == 2);
  contend("a");
  candidates.leader();
  BOOST_TEST(asked() == 0);
  BOOST_TEST(followers.last("asked", "LEADER")->detail.starts_with("a "));
  candidates.kill("a");
  BOOST_TEST(asked() == 1);  // although the dead leader's last heartbeat is read
  BOOST_TEST(followers.last("asked", "LEADER")->detail == "none lease expired");
}

BOOST_AUTO_TEST_SUITE_END()
