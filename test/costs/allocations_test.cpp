// SPDX-License-Identifier: BSL-1.0
// How often operator new is called where the number matters. It is the same on every machine. When
// it becomes smaller, the number here has to follow.
#include "allocations.hpp"

#include "core_steps/steps.hpp"
#include "support/shell_fixture.hpp"

#include <boost/asio/use_future.hpp>

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

using namespace neli;
using namespace neli::benchmarks;

namespace {

/// By the step of the core. Some compilers leave out some calls, so there may be fewer.
const std::map<std::string_view, std::uint64_t> allowed{
    {"leader sends a heartbeat", 5},    {"leader reads its heartbeat", 0},
    {"standby reads a heartbeat", 0},   {"follower reads a heartbeat", 0},
    {"standby's tick, nothing due", 0}, {"standby reads a release and claims", 4},
    {"heartbeat to JSON", 19},          {"heartbeat from JSON", 17},
};

struct leading : test::shell_fixture {
  leading() { sandbox.acquire(c); }

  /// Runs a coroutine of the user's, on an event loop other than the candidate's.
  std::uint64_t allocated_by(asio::awaitable<std::uint64_t> a) {
    asio::io_context callers{1};
    auto result = asio::co_spawn(callers, std::move(a), asio::use_future);
    callers.run();
    return result.get();
  }

  candidate c = sandbox.make_candidate(quiet());
};

constexpr int times = 50;  // fewer than the events that a stream holds

}  // namespace

BOOST_FIXTURE_TEST_SUITE(calls_of_operator_new, leading)

BOOST_AUTO_TEST_CASE(are_counted) {
  const auto before = allocations();
  ::operator delete(
      ::operator new(1));  // no compiler leaves this call out, unlike a new-expression
  BOOST_TEST(allocations() - before == 1u);
}

BOOST_AUTO_TEST_CASE(by_is_leader_are_none) {
  const auto before = allocations();
  bool always = true;
  for (int i = 0; i < times; ++i) always &= c.is_leader();
  BOOST_TEST(allocations() - before == 0u);
  BOOST_TEST(always);
}

BOOST_AUTO_TEST_CASE(by_a_leaders_pulse_are_none) {
  const auto turns = [this]() -> asio::awaitable<std::uint64_t> {
    bool always = co_await c.pulse();  // the first call makes the memory that later calls reuse
    const auto before = allocations();
    for (int i = 0; i < times; ++i) always &= co_await c.pulse();
    for (int i = 0; i < times; ++i) always &= co_await c.pulse(std::chrono::milliseconds{10});
    const auto made = allocations() - before;
    BOOST_TEST(always);
    co_return made;
  };
  BOOST_TEST(allocated_by(turns()) == 0u);
}

BOOST_AUTO_TEST_CASE(by_reading_an_event_that_is_ready_are_none) {
  const auto turns = [this]() -> asio::awaitable<std::uint64_t> {
    auto events = c.events();
    for (int i = 0; i < times; ++i) sandbox.trouble(c, make_error_code(errc::closed), "something");
    const auto first = co_await events.next();
    const auto before = allocations();
    for (int i = 1; i < times; ++i) co_await events.next();
    co_return allocations() - before;
  };
  BOOST_TEST(allocated_by(turns()) == 0u);
}

BOOST_AUTO_TEST_CASE(by_steps_of_the_core_are_few) {
  for (const auto& kind : kinds_of_steps()) {
    const auto s = kind.make();
    const auto made = most_allocations(*s, 1000);
    BOOST_TEST(made <= allowed.at(kind.name), kind.name << " takes " << made);
  }
}

BOOST_AUTO_TEST_SUITE_END()
