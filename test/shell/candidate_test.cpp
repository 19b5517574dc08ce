// SPDX-License-Identifier: BSL-1.0
#include "support/shell_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>

using namespace neli;
using namespace std::chrono_literals;
using test::outcome;
using test::shell_fixture;

BOOST_FIXTURE_TEST_SUITE(pulse, shell_fixture)

BOOST_AUTO_TEST_CASE(is_true_while_leading) {
  auto c = sandbox.make_candidate(quiet());
  sandbox.acquire(c);
  BOOST_TEST(run(c.pulse(asio::use_awaitable)));
  BOOST_TEST(run(c.pulse(0ms, asio::use_awaitable)));
}

BOOST_AUTO_TEST_CASE(becomes_true_when_leadership_comes) {
  auto c = sandbox.make_candidate(quiet());
  outcome<bool> o;
  c.pulse(o.handler());
  sandbox.run_for(1h);
  BOOST_TEST(!o.done());
  sandbox.acquire(c);
  BOOST_REQUIRE(o.done());
  BOOST_TEST(!o.error);
  BOOST_TEST(std::get<0>(*o.results));
}

BOOST_AUTO_TEST_CASE(is_false_after_the_timeout_and_not_before) {
  auto c = sandbox.make_candidate(quiet());
  outcome<bool> o;
  c.pulse(10ms, o.handler());
  sandbox.run_for(9ms);
  BOOST_TEST(!o.done());
  sandbox.run_for(1ms);
  BOOST_REQUIRE(o.done());
  BOOST_TEST(!std::get<0>(*o.results));
}

BOOST_AUTO_TEST_CASE(with_a_zero_or_negative_timeout_does_not_wait) {
  auto c = sandbox.make_candidate(quiet());
  BOOST_TEST(!run(c.pulse(0ms, asio::use_awaitable)));
  BOOST_TEST(!run(c.pulse(-5s, asio::use_awaitable)));
  BOOST_TEST(!run(c.pulse(clock::duration::min(), asio::use_awaitable)));
}

BOOST_AUTO_TEST_CASE(may_wait_for_ever) {
  outcome<bool> o;
  auto c = sandbox.make_candidate(quiet());
  c.pulse(clock::duration::max(), o.handler());
  sandbox.run_for(24h * 365);
  BOOST_TEST(!o.done());
}

BOOST_AUTO_TEST_CASE(never_completes_within_its_initiation) {
  auto c = sandbox.make_candidate(quiet());
  sandbox.acquire(c);
  outcome<bool> leading, asking, closed;
  c.pulse(leading.handler());
  BOOST_TEST(!leading.done());
  sandbox.revoke(c);
  c.pulse(0ms, asking.handler());
  BOOST_TEST(!asking.done());
  run([](candidate& x) -> asio::awaitable<int> { co_return (co_await x.close(), 0); }(c));
  c.pulse(closed.handler());
  BOOST_TEST(!closed.done());
  sandbox.settle();
  BOOST_TEST((leading.done() && asking.done() && closed.done()));
}

BOOST_AUTO_TEST_CASE(waits_for_the_acquired_barrier) {
  test::gate gate{context};
  auto c = sandbox.make_candidate(quiet(),
                                  [&](event) -> asio::awaitable<void> { co_await gate.wait(); });
  outcome<bool> o;
  c.pulse(o.handler());
  sandbox.acquire(c);
  BOOST_TEST(!o.done());
  BOOST_TEST(!c.is_leader());
  gate.open();
  sandbox.settle();
  BOOST_TEST(o.done());
  BOOST_TEST(c.is_leader());
}

BOOST_AUTO_TEST_CASE(can_be_cancelled) {
  auto c = sandbox.make_candidate(quiet());
  for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                          asio::cancellation_type::total}) {
    asio::cancellation_signal signal;
    outcome<bool> o;
    c.pulse(asio::bind_cancellation_slot(signal.slot(), o.handler()));
    sandbox.settle();
    signal.emit(type);
    BOOST_TEST(!o.done());
    sandbox.settle();
    BOOST_TEST(o.error == asio::error::operation_aborted);
    sandbox.acquire(c);
    BOOST_TEST(o.times == 1);
    sandbox.revoke(c);
  }
}

BOOST_AUTO_TEST_CASE(composes_with_other_operations) {
  using namespace asio::experimental::awaitable_operators;
  auto c = sandbox.make_candidate(quiet());
  const auto first = run([](candidate& x) -> asio::awaitable<std::size_t> {
    asio::steady_timer timer{co_await asio::this_coro::executor, 0ms};
    const auto r = co_await (x.pulse(asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
    co_return r.index();
  }(c));
  BOOST_TEST(first == 1u);
}

BOOST_AUTO_TEST_CASE(takes_any_completion_token) {
  auto c = sandbox.make_candidate(quiet());
  sandbox.acquire(c);
  auto future = c.pulse(asio::use_future);
  sandbox.settle();
  BOOST_TEST(future.get());
  const bool deferred =
      run([](candidate& x) -> asio::awaitable<bool> { co_return co_await x.pulse(); }(c));
  BOOST_TEST(deferred);
}

BOOST_AUTO_TEST_CASE(completes_on_the_handlers_executor) {
  auto c = sandbox.make_candidate(quiet());
  asio::io_context other;
  outcome<bool> slow, fast;
  c.pulse(1ms, asio::bind_executor(other, slow.handler()));
  sandbox.acquire(c);
  c.pulse(asio::bind_executor(other, fast.handler()));
  sandbox.settle();
  BOOST_TEST((!slow.done() && !fast.done()));
  other.run();
  BOOST_TEST((slow.done() && fast.done()));
}

BOOST_AUTO_TEST_CASE(ends_when_the_candidate_is_destroyed) {
  outcome<bool> o;
  {
    auto c = sandbox.make_candidate(quiet());
    c.pulse(o.handler());
    sandbox.settle();
  }
  sandbox.settle();
  BOOST_TEST(o.error == errc::closed);
}

BOOST_AUTO_TEST_CASE(may_be_launched_after_the_candidate_was_destroyed) {
  auto c = std::make_unique<candidate>(sandbox.make_candidate(quiet()));
  auto later = c->pulse(asio::deferred);
  c.reset();
  outcome<bool> o;
  std::move(later)(o.handler());
  sandbox.settle();
  BOOST_TEST(o.error == errc::closed);
}

BOOST_AUTO_TEST_CASE(fails_with_the_text_of_what_ended_the_candidate) {
  auto c = sandbox.make_candidate(quiet());
  outcome<bool> before, after;
  c.pulse(before.handler());
  sandbox.fail(c, errc::not_authorized, "Broker: Topic authorization failed");
  c.pulse(after.handler());
  sandbox.settle();
  for (const auto* o : {&before, &after}) {
    BOOST_TEST(o->error == errc::not_authorized);
    BOOST_TEST(o->error.message() == "Broker: Topic authorization failed");
  }
  BOOST_CHECK_EXCEPTION(
      run(c.pulse(asio::use_awaitable)), boost::system::system_error, [](const auto& e) {
        return std::string{e.what()}.find("Topic authorization failed") != std::string::npos;
      });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(standing, shell_fixture)

BOOST_AUTO_TEST_CASE(a_leader_that_slept_through_its_lease_says_no_at_once) {
  auto c = sandbox.make_candidate(quiet());
  sandbox.acquire(c);
  BOOST_TEST(c.is_leader());
  sandbox.jump(999ms);
  BOOST_TEST(c.is_leader());
  sandbox.jump(1ms);
  BOOST_TEST(!c.is_leader());  // no handler has run
  BOOST_TEST(!c.term());
  outcome<bool> o;
  c.pulse(0ms, o.handler());
  sandbox.settle();
  BOOST_TEST(!std::get<0>(*o.results));
}

BOOST_AUTO_TEST_CASE(a_leader_whose_renewals_fail_for_half_a_lease_goes_on_leading) {
  auto a = in_ledger("a");
  auto b = in_ledger("b");
  const auto token = a.term()->token();
  for (int n = 0; n < 10; ++n) {
    sandbox.partition(a);
    sandbox.run_for(500ms);
    BOOST_TEST(a.is_leader());
    sandbox.heal(a);
    sandbox.run_for(1s);
  }
  BOOST_REQUIRE(a.is_leader());
  BOOST_TEST(a.term()->token() == token);
  BOOST_TEST(!b.is_leader());
}

BOOST_AUTO_TEST_CASE(the_term_is_known_while_it_is_led) {
  auto c = sandbox.make_candidate(quiet());
  BOOST_TEST(!c.term());
  sandbox.acquire(c);
  BOOST_REQUIRE(c.term());
  const auto first = *c.term();
  BOOST_TEST(first.role() == "leader");
  BOOST_TEST((first.deadline() == sandbox.now() + 1s));
  sandbox.run_for(600ms);
  BOOST_TEST((c.term()->deadline() == sandbox.now() - 100ms + 1s));
  sandbox.fence(c);
  BOOST_TEST(!c.term());
  sandbox.acquire(c);
  sandbox.run_for(2s);
  BOOST_TEST(c.term()->token() > first.token());
}

BOOST_AUTO_TEST_CASE(all_candidates_know_who_leads) {
  auto a = sandbox.make_candidate(named("ann"));
  auto b = sandbox.make_candidate(named("bob"));
  BOOST_TEST(!b.leader());
  sandbox.acquire(a);
  BOOST_REQUIRE(b.leader());
  BOOST_TEST(b.leader()->name == "ann");
  BOOST_TEST(b.leader()->token == a.term()->token());
  BOOST_TEST((a.leader() == b.leader()));
  sandbox.acquire(b);
  BOOST_TEST(a.leader()->name == "bob");
}

BOOST_AUTO_TEST_CASE(heartbeat_times_are_told) {
  auto c = sandbox.make_candidate(quiet());
  BOOST_TEST(!c.heartbeats().last);
  BOOST_TEST(!c.heartbeats().next);
  sandbox.acquire(c);
  BOOST_TEST((c.heartbeats().next == sandbox.now() + 250ms));
  sandbox.run_for(250ms);
  BOOST_TEST((c.heartbeats().last == sandbox.now()));
}

BOOST_AUTO_TEST_CASE(states_follow_each_other) {
  auto c = sandbox.make_candidate(quiet());
  BOOST_TEST((c.state() == candidate_state::live));
  sandbox.acquire(c);
  sandbox.partition(c);
  outcome<> o;
  c.close(o.handler());
  sandbox.settle();
  BOOST_TEST((c.state() == candidate_state::closing));
  sandbox.run_for(1s);
  BOOST_TEST((c.state() == candidate_state::closed));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(closing, shell_fixture)

BOOST_AUTO_TEST_CASE(hands_over_in_order) {
  auto a = sandbox.make_candidate(named("ann"), note("ann "));
  auto b = sandbox.make_candidate(named("bob"), note("bob "));
  sandbox.acquire(a);
  outcome<> o;
  a.close(o.handler());
  sandbox.settle();
  BOOST_TEST(o.done());
  BOOST_TEST(!o.error);
  sandbox.acquire(b);
  BOOST_TEST(b.is_leader());  // no lease to wait for
  const std::vector<std::string> expected{"ann acquired", "ann revoked", "bob acquired"};
  BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(may_be_asked_for_again_and_again) {
  auto c = sandbox.make_candidate(quiet(), note());
  sandbox.acquire(c);
  outcome<> first, second, late;
  c.close(first.handler());
  c.close(second.handler());
  sandbox.settle();
  c.close(late.handler());
  sandbox.settle();
  for (const auto* o : {&first, &second, &late}) BOOST_TEST((o->times == 1 && !o->error));
  BOOST_TEST(told.size() == 2u);
}

BOOST_AUTO_TEST_CASE(goes_on_when_the_wait_for_it_is_cancelled) {
  test::gate gate{context};
  auto c = sandbox.make_candidate(quiet(), [&](event e) -> asio::awaitable<void> {
    if (e.as<leader_revoked>()) co_await gate.wait();
  });
  sandbox.acquire(c);
  asio::cancellation_signal signal;
  outcome<> impatient, patient;
  c.close(asio::bind_cancellation_slot(signal.slot(), impatient.handler()));
  c.wait_closed(patient.handler());
  sandbox.settle();
  signal.emit(asio::cancellation_type::terminal);
  sandbox.settle();
  BOOST_TEST(impatient.error == asio::error::operation_aborted);
  BOOST_TEST(!patient.done());
  gate.open();
  sandbox.settle();
  BOOST_TEST(patient.done());
  BOOST_TEST(!patient.error);
}

BOOST_AUTO_TEST_CASE(is_bounded_when_the_ledger_is_out_of_reach) {
  auto c = sandbox.make_candidate(quiet(), note());
  sandbox.acquire(c);
  sandbox.partition(c);
  outcome<> o;
  c.close(o.handler());
  sandbox.run_for(999ms);
  BOOST_TEST(!o.done());
  sandbox.run_for(1ms);
  BOOST_TEST(o.done());
}

BOOST_AUTO_TEST_CASE(ends_other_waits_at_once) {
  test::gate gate{context};
  auto c = sandbox.make_candidate(quiet(), [&](event e) -> asio::awaitable<void> {
    if (e.as<leader_revoked>()) co_await gate.wait();
  });
  sandbox.acquire(c);
  outcome<> o;
  outcome<bool> during;
  c.close(o.handler());
  sandbox.settle();
  c.pulse(during.handler());
  sandbox.settle();
  BOOST_TEST(during.error == errc::closed);
  BOOST_TEST(!o.done());
  gate.open();
  sandbox.settle();
}

BOOST_AUTO_TEST_CASE(by_an_error_gives_all_waiters_the_error) {
  auto c = sandbox.make_candidate(quiet(), note());
  sandbox.acquire(c);
  outcome<> before, after;
  c.wait_closed(before.handler());
  sandbox.fail(c, errc::no_ledger, "gone");
  c.wait_closed(after.handler());
  sandbox.settle();
  BOOST_TEST(before.error == errc::no_ledger);
  BOOST_TEST(after.error == errc::no_ledger);
  BOOST_TEST((c.state() == candidate_state::closed));
  const std::vector<std::string> expected{"acquired", "fenced"};
  BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_not_changed_by_an_error_that_comes_later) {
  auto c = sandbox.make_candidate(quiet());
  c.close(asio::detached);
  sandbox.settle();
  sandbox.trouble(c, errc::no_ledger, "gone");
  sandbox.fail(c, errc::no_ledger, "gone");
  sandbox.settle();
  outcome<> closed;
  c.wait_closed(closed.handler());
  sandbox.settle();
  BOOST_TEST(closed.done());
  BOOST_TEST(!closed.error);
}

BOOST_AUTO_TEST_CASE(destruction_stops_at_once_and_lets_the_lease_run_out) {
  auto b = sandbox.make_candidate(named("bob"), note("bob "));
  {
    auto a = sandbox.make_candidate(named("ann"), note("ann "));
    sandbox.acquire(a);
  }
  sandbox.acquire(b);
  BOOST_TEST(!b.is_leader());
  sandbox.run_for(1121ms);
  BOOST_TEST(b.is_leader());
  const std::vector<std::string> expected{"ann acquired", "bob acquired"};
  BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(destruction_while_closing_ends_the_operations) {
  outcome<> closing, closed;
  {
    auto c = sandbox.make_candidate(quiet());
    sandbox.acquire(c);
    sandbox.partition(c);
    c.close(closing.handler());
    c.wait_closed(closed.handler());
    sandbox.settle();
  }
  sandbox.settle();
  BOOST_TEST((closing.times == 1 && closed.times == 1));
}

BOOST_AUTO_TEST_CASE(moved_candidates_go_on) {
  auto a = sandbox.make_candidate(quiet());
  sandbox.acquire(a);
  auto b = std::move(a);
  BOOST_TEST(b.is_leader());
  a = sandbox.make_candidate(quiet());
  a = std::move(b);  // ends the candidate that was there
  BOOST_TEST(a.is_leader());
}

BOOST_AUTO_TEST_SUITE_END()
