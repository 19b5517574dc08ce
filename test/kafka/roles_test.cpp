// SPDX-License-Identifier: BSL-1.0
// Many roles in one session of each of three processes. The fixture also checks that no two led a
// role at once and that the terms of each grew.
#include "kafka/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace std::chrono_literals;
using neli::test::nodes;
using neli::test::the_broker;
using neli::test::unique;

BOOST_AUTO_TEST_SUITE(many_roles)

BOOST_AUTO_TEST_CASE(are_led_by_one_each_and_again_after_a_crash) {
  constexpr std::size_t count = 60;
  nodes processes{{"roles", "--servers", the_broker().servers(), "--topic", unique("leader"),
                   "--roles", std::to_string(count), "--lease-ms", "2000"}};
  for (const auto* name : {"a", "b", "c"}) processes.start(name);
  auto led = processes.leaders(count);
  const auto victim = led.begin()->second.name;
  processes.kill(victim);
  for (const auto& [role, now] : processes.leaders(count)) {
    const auto& before = led.at(role);
    BOOST_TEST(now.name != victim);
    if (before.name == victim) BOOST_TEST(now.number() > before.number());
  }
  processes.start(victim);
  processes.expect_of(victim, "STARTED");
  processes.leaders(count);
  for (const auto* name : {"a", "b", "c"}) processes.close(name);
  BOOST_TEST(processes.leaders().empty());
}

BOOST_AUTO_TEST_SUITE_END()
