// SPDX-License-Identifier: BSL-1.0
// Many roles in one session of each of three processes. The fixture also checks that no two led a
// role at once and that the terms of each grew.
#include "kafka/fixture.hpp"
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <list>
#include <map>

using namespace neli;
using namespace std::chrono_literals;
using neli::test::both;
using neli::test::long_lease;
using neli::test::nodes;
using neli::test::run_until;
using neli::test::the_broker;
using neli::test::unique;

namespace {

const std::vector<std::string> roles{"billing", "search", "shipping", "sorting"};

/// A process's session and its candidates, all for the same roles of one group.
struct member {
  member(asio::io_context& c, const std::string& topic, const std::string& name)
      : connection{c.get_executor(),
                   {.store = kafka{.properties = {{"bootstrap.servers", the_broker().servers()}},
                                   .arbitration = arbitration::group,
                                   .group_id = topic,
                                   .roles = roles,
                                   .session_timeout = long_lease + 1s,
                                   .group_heartbeat_interval = 100ms},
                    .ledger = topic,
                    .name = name,
                    .lease = long_lease,
                    .logger = no_logger()}} {
    for (const auto& role : roles) candidates.emplace(role, connection.candidate(role));
  }

  bool leads(const std::string& role) const {
    const auto found = candidates.find(role);
    return found != candidates.end() && found->second.is_leader();
  }
  std::ptrdiff_t led() const {
    return std::count_if(roles.begin(), roles.end(), [&](const auto& r) { return leads(r); });
  }
  std::map<std::string, std::uint64_t> tokens() const {
    std::map<std::string, std::uint64_t> all;
    for (const auto& [role, c] : candidates)
      if (const auto t = c.term()) all[role] = t->token();
    return all;
  }

  session connection;
  std::map<std::string, candidate> candidates;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(many_roles)

BOOST_AUTO_TEST_CASE(of_a_group_are_spread_and_given_up_one_by_one) {
  asio::io_context context;
  const auto topic = unique("leader");
  member a{context, topic, "a"};
  BOOST_REQUIRE(run_until(context, [&] { return a.led() == 4; }));
  member b{context, topic, "b"};
  BOOST_REQUIRE(run_until(context, [&] { return a.led() == 2 && b.led() == 2; }));

  const auto first = [](const member& m) { return m.tokens().begin()->first; };
  const auto closed = first(a);
  auto others = a.tokens();
  others.erase(closed);
  const auto of_b = b.tokens();
  a.candidates.erase(closed);
  BOOST_REQUIRE(run_until(context, [&] { return b.leads(closed); }));
  BOOST_TEST(a.tokens() == others);

  const auto resigned = first(b);
  b.candidates.at(resigned).resign(10min, [](error_code) {});
  const auto led = [&] { return resigned == closed ? b.leads(closed) : a.leads(resigned); };
  BOOST_REQUIRE(run_until(context, led));
  for (const auto& [role, token] : of_b)
    if (role != resigned) BOOST_TEST(b.tokens().at(role) == token);
  for (const auto& [role, token] : others) BOOST_TEST(a.tokens().at(role) == token);
}

BOOST_DATA_TEST_CASE(have_one_leader_each_and_again_after_a_crash, both, arbitration) {
  constexpr std::size_t count = 60;
  nodes processes{{"roles", "--servers", the_broker().servers(), "--topic", unique("leader"),
                   "--roles", std::to_string(count), "--lease-ms", "5000", "--arbitration",
                   arbitration, "--session-ms", "6000", "--group-heartbeat-ms", "100"}};
  for (const auto* name : {"a", "b", "c"}) processes.start(name);
  auto led = processes.leaders(count, 2min);
  const auto victim = led.begin()->second.name;
  processes.kill(victim);
  for (const auto& [role, now] : processes.leaders(count, 2min)) {
    const auto& before = led.at(role);
    BOOST_TEST(now.name != victim);
    if (before.name == victim) BOOST_TEST(now.number() > before.number());
  }
  processes.start(victim);
  processes.expect_of(victim, "STARTED");
  processes.leaders(count, 2min);
  for (const auto* name : {"a", "b", "c"}) processes.close(name);
  BOOST_TEST(processes.leaders().empty());
}

BOOST_AUTO_TEST_SUITE_END()
