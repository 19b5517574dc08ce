// SPDX-License-Identifier: BSL-1.0
#include "support/shell_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>

#include <stdexcept>

using namespace neli;
using namespace std::chrono_literals;
using test::gate;
using test::outcome;

namespace {

using strings = std::vector<std::string>;

struct leading : test::shell_fixture {
  gate never{context};
  int started = 0;
  int ended = 0;

  /// Works until it is cancelled.
  leader_task work(std::string who = {}) {
    return [this, who](term) -> asio::awaitable<void> {
      ++started;
      told.push_back(who + "starts");
      co_await never.wait();
      told.push_back(who + "ends");
      ++ended;
    };
  }
  /// Goes on until the gate is opened, even when it is cancelled.
  leader_task stubborn(gate& g) {
    return [this, &g](term) -> asio::awaitable<void> {
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation{});
      ++started;
      co_await g.wait();
      ++ended;
    };
  }
  static leader_task failing() {
    return [](term) -> asio::awaitable<void> {
      throw std::runtime_error{"no disk"};
      co_return;
    };
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lead, leading)

BOOST_AUTO_TEST_CASE(starts_the_task_with_each_term) {
  std::vector<std::uint64_t> tokens;
  auto a = sandbox.make_candidate(named("a"));
  a.lead(
      [&](term t) -> asio::awaitable<void> {
        tokens.push_back(t.token());
        BOOST_TEST(a.is_leader());
        co_await never.wait();
      },
      nothing);
  sandbox.settle();
  BOOST_TEST(tokens.empty());
  for (int i = 1; i <= 3; ++i) {
    sandbox.acquire(a);
    BOOST_REQUIRE(tokens.size() == static_cast<std::size_t>(i));
    BOOST_TEST(tokens.back() == a.term()->token());
    sandbox.run_for(10s);
    sandbox.revoke(a);
  }
  BOOST_TEST(tokens.size() == 3u);
}

BOOST_AUTO_TEST_CASE(starts_at_once_a_task_that_is_given_while_leading) {
  auto a = in_ledger("a");
  a.lead(work(), nothing);
  sandbox.settle();
  BOOST_TEST(started == 1);
}

BOOST_AUTO_TEST_CASE(an_orderly_end_waits_for_the_task_and_then_runs_the_barrier) {
  auto a = in_ledger("a", note("a "));
  auto b = in_ledger("b", note("b "));
  a.lead(work("a "), nothing);
  sandbox.settle();
  a.resign(1s, nothing);
  sandbox.settle();
  BOOST_TEST(told == (strings{"a acquired", "a starts", "a ends", "a revoked", "b acquired"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_other_candidate_leads_before_the_task_has_ended) {
  gate g{context};
  auto a = in_ledger("a");
  auto b = in_ledger("b");
  a.lead(stubborn(g), nothing);
  sandbox.settle();
  a.resign(1s, nothing);
  sandbox.run_for(2s);
  BOOST_TEST(!a.is_leader());
  BOOST_TEST(!b.is_leader());
  g.open();
  sandbox.settle();
  BOOST_TEST(b.is_leader());
}

BOOST_AUTO_TEST_CASE(close_waits_for_the_task) {
  gate g{context};
  auto a = in_ledger("a");
  outcome<> led;
  outcome<> closed;
  a.lead(stubborn(g), led.handler());
  sandbox.settle();
  a.close(closed.handler());
  sandbox.run_for(1s);
  BOOST_TEST(!closed.done());
  g.open();
  sandbox.settle();
  BOOST_TEST(closed.done());
  BOOST_TEST(led.error == errc::closed);
}

BOOST_AUTO_TEST_CASE(a_loss_cancels_the_task) {
  auto a = sandbox.make_candidate(named("a"), note());
  sandbox.acquire(a);
  a.lead(work(), nothing);
  sandbox.settle();
  sandbox.fence(a);
  BOOST_TEST(ended == 1);
  BOOST_TEST(told == (strings{"acquired", "starts", "ends", "fenced"}),
             boost::test_tools::per_element());
  sandbox.acquire(a);
  BOOST_TEST(started == 2);
}

BOOST_AUTO_TEST_CASE(a_loss_overtakes_the_barrier_that_waits_for_the_task) {
  auto a = sandbox.make_candidate(named("a"), note());
  sandbox.acquire(a);
  a.lead(work(), nothing);
  sandbox.settle();
  a.resign(nothing);
  sandbox.fence(a);
  BOOST_TEST(told == (strings{"acquired", "starts", "ends", "fenced"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_task_is_cancelled_before_the_lease_runs_out) {
  auto a = in_ledger("a");
  a.lead(work(), {.margin = 300ms}, nothing);
  sandbox.run_for(10s);
  sandbox.partition(a);
  const auto lease_end = a.term()->deadline();
  sandbox.run_for(lease_end - sandbox.now() - 300ms - 1ns);
  BOOST_TEST(ended == 0);
  sandbox.run_for(1ns);
  BOOST_TEST(ended == 1);
  BOOST_TEST(a.is_leader());
  sandbox.run_for(299ms);
  BOOST_TEST(a.is_leader());
  BOOST_TEST(started == 1);
}

BOOST_AUTO_TEST_CASE(the_task_is_started_again_if_the_lease_is_renewed_at_the_last_moment) {
  auto a = in_ledger("a");
  const auto token = a.term()->token();
  a.lead(work(), {.margin = 500ms}, nothing);
  sandbox.run_for(1s);
  BOOST_TEST(started == 1);
  sandbox.delay(a, 200ms);  // each way, so that heartbeats leave 350 to 600 ms of the lease
  sandbox.run_for(2s);
  BOOST_TEST(started > 2);
  BOOST_TEST(started - ended <= 1);
  BOOST_TEST(a.term()->token() == token);
}

BOOST_AUTO_TEST_CASE(a_task_that_returns_resigns) {
  auto a = in_ledger("a", note("a "));
  auto b = in_ledger("b", note("b "));
  a.lead([&](term) -> asio::awaitable<void> { co_return; }, nothing);
  sandbox.settle();
  BOOST_TEST(told == (strings{"a acquired", "a revoked", "b acquired"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_task_that_throws_is_told_and_resigns_and_backs_off) {
  std::vector<clock::duration> turns;
  auto a = in_ledger("a", [&](event e) -> asio::awaitable<void> {
    if (e.as<leader_acquired>()) turns.push_back(sandbox.now().time_since_epoch());
    co_return;
  });
  auto events = a.events();
  a.lead(failing(), {.back_off = 1s, .longest_back_off = 4s}, nothing);
  sandbox.settle();
  BOOST_TEST(!a.is_leader());
  const auto said = run([](event_stream& s) -> asio::awaitable<std::string> {
    while (true) {
      const auto e = co_await s.next(asio::use_awaitable);
      if (const auto* t = e.as<task_failed>()) co_return t->what;
    }
  }(events));
  BOOST_TEST(said == "no disk");
  sandbox.run_for(20s);
  const std::vector<clock::duration> waits{1s, 2s, 4s, 4s};
  BOOST_REQUIRE(turns.size() > waits.size());
  for (std::size_t i = 0; i < waits.size(); ++i) {
    const auto waited = turns[i + 1] - turns[i];
    BOOST_TEST((waits[i] <= waited && waited <= waits[i] + quiet().lease / 10));
  }
}

BOOST_AUTO_TEST_CASE(a_task_that_never_ends_is_given_up_and_does_not_lead_again) {
  gate g{context};
  auto a = in_ledger("a", note("a "));
  auto b = in_ledger("b");
  a.lead(stubborn(g), nothing);
  sandbox.settle();
  a.resign(nothing);
  sandbox.run_for(10s);  // the barrier's timeout, and as long again
  BOOST_TEST(b.is_leader());
  BOOST_TEST(told == (strings{"a acquired", "a fenced"}), boost::test_tools::per_element());
  b.close(nothing);
  sandbox.run_for(100s);
  BOOST_TEST(started == 1);
  auto c = in_ledger("c");
  sandbox.run_for(20s);
  BOOST_TEST(c.is_leader());
  g.open();
  sandbox.settle();
  c.close(nothing);
  sandbox.run_for(20s);
  BOOST_TEST(a.is_leader());
  BOOST_TEST(started == 2);
  g.open();
  sandbox.settle();
}

/// Found by the simulator.
BOOST_AUTO_TEST_CASE(a_loss_is_told_though_the_task_never_ends) {
  gate g{context};
  auto a = sandbox.make_candidate(named("a"), note());
  a.lead(stubborn(g), nothing);
  sandbox.acquire(a);
  told.clear();
  sandbox.fence(a);
  sandbox.run_for(4s);
  BOOST_TEST(told.empty());
  sandbox.run_for(1s);
  BOOST_TEST(told == strings{"fenced"}, boost::test_tools::per_element());
  g.open();
  sandbox.settle();
}

BOOST_AUTO_TEST_CASE(the_task_is_awaited_though_a_barrier_was_given_up_before_it) {
  gate hung{context};
  gate g{context};
  bool hangs = true;
  auto a = in_ledger("a", [&](event) -> asio::awaitable<void> {
    if (!std::exchange(hangs, false)) co_return;
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation{});
    co_await hung.wait();
  });
  a.lead(stubborn(g), nothing);
  sandbox.run_for(20s);
  BOOST_REQUIRE(a.is_leader());
  BOOST_TEST(started == 1);
  auto b = in_ledger("b");
  a.resign(1s, nothing);
  sandbox.run_for(2s);
  BOOST_TEST(!b.is_leader());
  g.open();
  sandbox.settle();
  BOOST_TEST(ended == 1);
  BOOST_TEST(b.is_leader());
  hung.open();
}

BOOST_AUTO_TEST_CASE(when_cancelled_ends_with_its_task_and_the_candidate_goes_on) {
  gate g{context};
  auto a = in_ledger("a");
  asio::cancellation_signal cancel;
  outcome<> o;
  a.lead(stubborn(g), asio::bind_cancellation_slot(cancel.slot(), o.handler()));
  sandbox.settle();
  cancel.emit(asio::cancellation_type::terminal);
  sandbox.settle();
  BOOST_TEST(!o.done());
  g.open();
  sandbox.settle();
  BOOST_TEST(o.error == asio::error::operation_aborted);
  BOOST_TEST(a.is_leader());
  BOOST_TEST(started == 1);
}

BOOST_AUTO_TEST_CASE(when_cancelled_while_not_leading_ends_at_once) {
  auto a = sandbox.make_candidate(named("a"));
  asio::cancellation_signal cancel;
  outcome<> o;
  a.lead(work(), asio::bind_cancellation_slot(cancel.slot(), o.handler()));
  sandbox.settle();
  cancel.emit(asio::cancellation_type::terminal);
  sandbox.settle();
  BOOST_TEST(o.error == asio::error::operation_aborted);
  sandbox.acquire(a);
  BOOST_TEST(started == 0);
}

BOOST_AUTO_TEST_CASE(destruction_cancels_the_task) {
  outcome<> o;
  {
    auto a = in_ledger("a");
    a.lead(work(), o.handler());
    sandbox.settle();
  }
  sandbox.settle();
  BOOST_TEST(ended == 1);
  BOOST_TEST(o.error == errc::closed);
}

BOOST_AUTO_TEST_CASE(destruction_leaves_no_barrier_to_be_run_after_the_task) {
  gate g{context};
  std::optional<candidate> a{in_ledger("a", note())};
  // Keeps the candidate's parts alive.
  gate idle{context};
  const auto background = a->background([&] { return idle.wait(); });
  a->lead(stubborn(g), nothing);
  sandbox.settle();
  a->resign(nothing);
  sandbox.settle();
  a.reset();
  g.open();
  sandbox.settle();
  BOOST_TEST(ended == 1);
  BOOST_TEST(told == strings{"acquired"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_error_cancels_the_task) {
  auto a = in_ledger("a");
  outcome<> o;
  a.lead(work(), o.handler());
  sandbox.settle();
  sandbox.fail(a, errc::not_authorized, "no right to write");
  BOOST_TEST(ended == 1);
  BOOST_TEST(o.error == errc::not_authorized);
}

BOOST_AUTO_TEST_CASE(fails_when_the_candidate_is_closed) {
  auto a = in_ledger("a");
  a.close(nothing);
  sandbox.settle();
  outcome<> o;
  a.lead(work(), o.handler());
  sandbox.settle();
  BOOST_TEST(o.error == errc::closed);
}

BOOST_AUTO_TEST_CASE(several_tasks_run_side_by_side) {
  auto a = in_ledger("a");
  a.lead(work("one "), nothing);
  a.lead(work("two "), nothing);
  sandbox.settle();
  BOOST_TEST(started == 2);
  outcome<> closed;
  a.close(closed.handler());
  sandbox.settle();
  BOOST_TEST(ended == 2);
  BOOST_TEST(closed.done());
}

BOOST_AUTO_TEST_CASE(a_task_may_resign) {
  auto a = in_ledger("a");
  auto b = in_ledger("b");
  bool resigned = false;
  a.lead(
      [&](term) -> asio::awaitable<void> {
        co_await a.resign(1s, asio::use_awaitable);
        resigned = true;
      },
      nothing);
  sandbox.settle();
  BOOST_TEST(resigned);
  BOOST_TEST(b.is_leader());
}

BOOST_AUTO_TEST_CASE(options_that_cannot_work_are_refused) {
  auto a = in_ledger("a");
  const auto refused = [&](lead_options o, const std::string& field, const std::string& value) {
    BOOST_CHECK_EXCEPTION(a.lead(work(), o, nothing), config_error,
                          [&](const auto& e) { return e.field() == field && e.value() == value; });
  };
  refused({.margin = 501ms}, "margin", "501ms");
  refused({.margin = -1ms}, "margin", "-1ms");
  refused({.back_off = -1ms}, "back_off", "-1ms");
  refused({.back_off = 2s, .longest_back_off = 1s}, "longest_back_off", "1000ms");
  BOOST_TEST(started == 0);
}

BOOST_AUTO_TEST_SUITE_END()
