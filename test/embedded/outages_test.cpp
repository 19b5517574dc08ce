// SPDX-License-Identifier: BSL-1.0
// The broker goes away for longer than a lease, or takes longer than a lease to answer.
#include "embedded/trial.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace neli::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// Longer than a lease, but not than a session, so that the mock does not forget members.
constexpr milliseconds too_long = lease * 5 / 4;
static_assert(too_long < session);

asio::awaitable<bool> down_from_the_beginning(contest& c) {
  c.set_down(true);
  c.start();
  co_await c.pass(too_long);
  const bool nobody_led = !c.leader();
  c.set_down(false);
  co_return nobody_led;
}

/// True if the leader lost its term by it.
asio::awaitable<bool> down(contest& c) {
  if (!co_await begin(c)) co_return false;
  c.set_down(true);
  co_await c.pass(too_long);
  const bool fenced = !c.leader();
  c.set_down(false);
  co_return fenced;
}

asio::awaitable<bool> slow(contest& c) {
  if (!co_await begin(c)) co_return false;
  c.set_round_trip(too_long);
  co_await c.pass(2 * lease);
  const bool fenced = !c.leader();
  c.set_round_trip(0ms);
  co_return fenced;
}

/// The token of the term that is led, or 0.
std::uint64_t token_of(contest& c) {
  const auto* leader = c.leader();
  const auto term = leader ? leader->term() : std::nullopt;
  return term ? term->token() : 0;
}

/// More than one, as a term can also be lost because the machine stands still.
constexpr int attempts = 5;

/// Slow, but a heartbeat and its way back through the ledger take no longer than a lease.
asio::awaitable<bool> sluggish(contest& c) {
  if (!co_await begin(c)) co_return false;
  bool same = false;
  for (int n = 0; n < attempts && !same; ++n) {
    const bool led = co_await c.until([&] { return c.leader(); }, 1min);
    if (!led) co_return false;
    const auto before = token_of(c);
    c.set_round_trip(lease / 10);
    co_await c.pass(4 * lease);
    same = before != 0 && token_of(c) == before;
    c.set_round_trip(0ms);
  }
  co_return same;
}

const std::vector<trial> breakdowns{
    {"down from the beginning", down_from_the_beginning,
     first_rebalance + rebalance + forgetting + rebalance},
    {"down for longer than a lease", down, rebalance + forgetting + rebalance},
    {"round trips longer than a lease", slow, rebalance + forgetting + rebalance},
    {"round trips of a tenth of a lease", sluggish},
};

}  // namespace

BOOST_DATA_TEST_CASE(outages, boost::unit_test::data::make(breakdowns)) {
  static const auto found = try_all(breakdowns);
  check(sample, found.at(sample.name));
}

namespace {

/// Retries at an even pace meet these refusals for about half a lease; retries whose waits double
/// meet them for more than a lease.
constexpr int refusals = 8;

asio::awaitable<bool> keeps_its_term_while_appends_are_refused(contest& c) {
  BOOST_TEST_REQUIRE(co_await begin(c));
  const auto before = token_of(c);
  c.inject(api::produce, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, refusals);
  co_await c.until([&] { return c.left(api::produce) == 0 || !c.leader(); }, 1min);
  co_await c.pass(lease);
  co_return before != 0 && token_of(c) == before;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_append_that_is_refused_for_a_moment_costs_no_term) {
  bool kept = false;
  for (int n = 0; n < attempts && !kept; ++n)
    hold([&](contest& c) -> asio::awaitable<void> {
      kept = co_await keeps_its_term_while_appends_are_refused(c);
    });
  BOOST_TEST(kept);
}

// librdkafka would block for a second or more when a good-bye to the group is not answered.

namespace {

/// The broker answers only long after a test is over.
constexpr auto silent = 2min;

/// A thread that only a busy machine can block.
class witness {
 public:
  milliseconds longest_stall() const { return longest_; }

 private:
  std::atomic<milliseconds> longest_{0ms};
  std::jthread thread_{[this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto before = neli::clock::now();
      std::this_thread::sleep_for(5ms);
      const auto took = std::chrono::duration_cast<milliseconds>(neli::clock::now() - before);
      longest_ = std::max(longest_.load(), took);
    }
  }};
};

bool nothing_blocked(const contest& c, const witness& w) {
  BOOST_TEST_MESSAGE(c.longest_stall().count() << " ms, the witness " << w.longest_stall().count());
  return c.longest_stall() < w.longest_stall() + 500ms;
}

/// Several attempts: code that blocks does so each time, while a busy machine may hold up one of
/// the two threads by chance.
void check_that_nothing_blocks(asio::awaitable<bool> (*attempt)(contest&)) {
  bool passed = false;
  for (int n = 0; n < 3 && !passed; ++n)
    hold([&](contest& c) -> asio::awaitable<void> { passed = co_await attempt(c); });
  BOOST_TEST(passed);
}

asio::awaitable<bool> close_beside_a_silent_broker(contest& c) {
  BOOST_TEST_REQUIRE(co_await begin(c));
  auto* leader = c.leader();
  if (!leader) co_return false;
  c.set_round_trip(silent);
  const witness w;
  bool closed = false;
  leader->close([&](neli::error_code) { closed = true; });
  BOOST_TEST_REQUIRE(co_await c.until([&] { return closed; }, 1min));
  co_await c.pass(6s);
  co_return nothing_blocked(c, w);
}

asio::awaitable<bool> destroy_amid_a_close_beside_a_silent_broker(contest& c) {
  BOOST_TEST_REQUIRE(co_await begin(c));
  auto* leader = c.leader();
  if (!leader) co_return false;
  c.set_round_trip(silent);
  const witness w;
  leader->close([](neli::error_code) {});
  co_await c.pass(lease + 150ms);  // the lease is over, and the good-bye is on its way
  c.destroy_candidates();
  co_await c.pass(6s);
  co_return nothing_blocked(c, w);
}

}  // namespace

BOOST_AUTO_TEST_CASE(closing_beside_a_silent_broker_does_not_block) {
  check_that_nothing_blocks(close_beside_a_silent_broker);
}

BOOST_AUTO_TEST_CASE(destruction_amid_a_close_beside_a_silent_broker_does_not_block) {
  check_that_nothing_blocks(destroy_amid_a_close_beside_a_silent_broker);
}
