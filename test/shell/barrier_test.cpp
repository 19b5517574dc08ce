// SPDX-License-Identifier: BSL-1.0
#include "support/shell_fixture.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <stdexcept>

using namespace neli;
using namespace std::chrono_literals;
using test::outcome;
using test::shell_fixture;

namespace {

/// A barrier that waits, when leadership is revoked, until the gate opens or it is cancelled.
struct gated : shell_fixture {
  test::gate gate{context};
  bool cancelled = false;

  barrier_function wait_when_revoked() {
    return [this](event e) -> asio::awaitable<void> {
      told.push_back(kind(e));
      if (!e.as<leader_revoked>()) co_return;
      co_await gate.wait();
      const auto state = co_await asio::this_coro::cancellation_state;
      cancelled = state.cancelled() != asio::cancellation_type::none;
    };
  }
};

config impatient() {
  auto c = shell_fixture::quiet();
  c.barrier_timeout = 500ms;
  return c;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(barriers, gated)

BOOST_AUTO_TEST_CASE(delay_the_hand_over) {
  auto a = sandbox.make_candidate(named("ann"), wait_when_revoked());
  auto b = sandbox.make_candidate(named("bob"), note("bob "));
  sandbox.acquire(a);
  sandbox.acquire(b);
  sandbox.run_for(3s);  // the lease is kept alive meanwhile
  BOOST_TEST(!a.is_leader());
  BOOST_TEST(!b.is_leader());
  BOOST_TEST(b.leader()->name == "ann");
  gate.open();
  sandbox.settle();
  BOOST_TEST(b.is_leader());
  const std::vector<std::string> expected{"acquired", "revoked", "bob acquired"};
  BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(that_hang_are_cancelled_and_fenced) {
  auto a = sandbox.make_candidate(impatient(), wait_when_revoked());
  auto b = sandbox.make_candidate(named("bob"), note("bob "));
  sandbox.acquire(a);
  sandbox.acquire(b);
  sandbox.run_for(500ms);
  BOOST_TEST(cancelled);
  BOOST_TEST(!b.is_leader());  // the role was not released, so the lease has to pass
  sandbox.run_for(1021ms);
  BOOST_TEST(b.is_leader());
  const std::vector<std::string> expected{"acquired", "revoked", "fenced", "bob acquired"};
  BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(that_ignore_their_cancellation_are_given_up) {
  test::gate never{context};
  auto a = sandbox.make_candidate(impatient(), [&](event e) -> asio::awaitable<void> {
    told.push_back(kind(e));
    if (!e.as<leader_revoked>()) co_return;
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await never.wait();
  });
  sandbox.acquire(a);
  outcome<> o;
  a.close(o.handler());
  sandbox.run_for(3s);
  BOOST_TEST(o.done());
  const std::vector<std::string> expected{"acquired", "revoked", "fenced"};
  BOOST_TEST(told == expected, boost::test_tools::per_element());
  never.open();
}

BOOST_AUTO_TEST_CASE(that_throw_count_as_returned_and_are_reported) {
  auto a = sandbox.make_candidate(quiet(), [](event) -> asio::awaitable<void> {
    throw std::runtime_error{"disk full"};
    co_return;
  });
  auto events = a.events();
  sandbox.acquire(a);
  BOOST_TEST(a.is_leader());
  std::string what;
  while (what.empty()) {
    const auto e = run(events.next(asio::use_awaitable));
    if (const auto* b = e.as<barrier_failed>()) what = b->what;
  }
  BOOST_TEST(what == "disk full");
}

BOOST_AUTO_TEST_CASE(that_throw_something_else_than_an_exception_count_as_returned) {
  auto a = sandbox.make_candidate(quiet(), [](event) -> asio::awaitable<void> {
    throw 42;
    co_return;
  });
  sandbox.acquire(a);
  BOOST_TEST(a.is_leader());
}

BOOST_AUTO_TEST_CASE(that_throw_before_their_coroutine_starts_count_as_returned) {
  auto a = sandbox.make_candidate(
      quiet(), [](event) -> asio::awaitable<void> { throw std::runtime_error{"no"}; });
  sandbox.acquire(a);
  BOOST_TEST(a.is_leader());
}

BOOST_AUTO_TEST_CASE(are_cancelled_when_the_lease_ends) {
  auto a = sandbox.make_candidate(quiet(), wait_when_revoked());
  sandbox.acquire(a);
  sandbox.partition(a);
  sandbox.revoke(a);
  sandbox.run_for(1s);
  BOOST_TEST(cancelled);
  BOOST_TEST(told.back() == "fenced");
}

BOOST_AUTO_TEST_CASE(are_cancelled_when_the_candidate_is_destroyed) {
  {
    auto a = sandbox.make_candidate(quiet(), wait_when_revoked());
    sandbox.acquire(a);
    sandbox.revoke(a);
  }
  sandbox.settle();
  BOOST_TEST(cancelled);
}

BOOST_AUTO_TEST_CASE(may_ask_and_close_their_own_candidate) {
  candidate* self = nullptr;
  outcome<> o;
  bool led = true;
  auto a = sandbox.make_candidate(quiet(), [&](event e) -> asio::awaitable<void> {
    told.push_back(kind(e));
    led = self->is_leader();
    if (e.as<leader_acquired>()) self->close(o.handler());
    co_return;
  });
  self = &a;
  sandbox.acquire(a);
  BOOST_TEST(o.done());
  BOOST_TEST(!led);
  const std::vector<std::string> expected{"acquired", "revoked"};
  BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
