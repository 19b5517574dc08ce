// SPDX-License-Identifier: BSL-1.0
// The broker goes away for longer than a lease, or takes longer than a lease to answer.
#include "embedded/trial.hpp"
#include "support/witness.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

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

/// A term can also be lost because the machine stands still. A run in which it did so for this long
/// shows nothing, and there is another one, so many times.
constexpr milliseconds harmless = lease / 4;
constexpr int runs = 10;

void warn_if_unclear(verdict v) {
  BOOST_WARN_MESSAGE(v != verdict::unclear, "the machine stood still in each run");
}

/// Slow, but a heartbeat and its way back through the ledger take no longer than a lease.
asio::awaitable<bool> sluggish(contest& c) {
  if (!co_await begin(c)) co_return false;
  auto same = verdict::unclear;
  for (int n = 0; n < runs && same == verdict::unclear; ++n) {
    const bool led = co_await c.until([&] { return c.leader(); }, 1min);
    if (!led) co_return false;
    const witness w;
    const auto before = token_of(c);
    c.set_round_trip(lease / 10);
    co_await c.pass(4 * lease);
    same = judge(before != 0 && token_of(c) == before, w, harmless);
    c.set_round_trip(0ms);
  }
  warn_if_unclear(same);
  co_return same != verdict::fails;
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

asio::awaitable<verdict> keeps_its_term_while_appends_are_refused(contest& c) {
  BOOST_TEST_REQUIRE(co_await begin(c));
  const witness w;
  const auto before = token_of(c);
  c.inject(api::produce, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, refusals);
  co_await c.until([&] { return c.left(api::produce) == 0 || !c.leader(); }, 1min);
  co_await c.pass(lease);
  co_return judge(before != 0 && token_of(c) == before, w, harmless);
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_append_that_is_refused_for_a_moment_costs_no_term) {
  auto kept = verdict::unclear;
  for (int n = 0; n < runs && kept == verdict::unclear; ++n)
    hold([&](contest& c) -> asio::awaitable<void> {
      kept = co_await keeps_its_term_while_appends_are_refused(c);
    });
  warn_if_unclear(kept);
  BOOST_TEST((kept != verdict::fails));
}

// librdkafka would block for a second or more when a good-bye to the group is not answered.

namespace {

/// The broker answers only long after a test is over.
constexpr auto silent = 2min;

void check_that_nothing_blocked(const contest& c, const witness& w) {
  BOOST_TEST(c.longest_block().count() < (w.longest_stall() + 500ms).count());
}

asio::awaitable<neli::candidate*> first_leader(contest& c) {
  c.start();
  neli::candidate* first = nullptr;
  co_await c.until([&] { return (first = c.leader()) != nullptr; }, 1min);
  BOOST_TEST_REQUIRE(first);
  co_return first;
}

asio::awaitable<void> close_beside_a_silent_broker(contest& c) {
  auto* leader = co_await first_leader(c);
  c.set_round_trip(silent);
  const witness w;
  bool closed = false;
  leader->close([&](neli::error_code) { closed = true; });
  BOOST_TEST_REQUIRE(co_await c.until([&] { return closed; }, 1min));
  co_await c.pass(6s);
  check_that_nothing_blocked(c, w);
}

asio::awaitable<void> destroy_amid_a_close_beside_a_silent_broker(contest& c) {
  auto* leader = co_await first_leader(c);
  c.set_round_trip(silent);
  const witness w;
  leader->close([](neli::error_code) {});
  co_await c.pass(lease + 150ms);  // the lease is over, and the good-bye is on its way
  c.destroy_candidates();
  co_await c.pass(6s);
  check_that_nothing_blocked(c, w);
}

}  // namespace

BOOST_AUTO_TEST_CASE(closing_beside_a_silent_broker_does_not_block) {
  hold(close_beside_a_silent_broker);
}

BOOST_AUTO_TEST_CASE(destruction_amid_a_close_beside_a_silent_broker_does_not_block) {
  hold(destroy_amid_a_close_beside_a_silent_broker);
}
