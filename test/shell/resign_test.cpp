// SPDX-License-Identifier: BSL-1.0
#include "support/shell_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_awaitable.hpp>

using namespace neli;
using namespace std::chrono_literals;
using test::gate;
using test::outcome;

namespace {

using strings = std::vector<std::string>;

/// A barrier that delays the hand-over until the gate opens.
barrier_function hold_at(gate& g) {
  return [&g](event e) -> asio::awaitable<void> {
    if (e.as<leader_revoked>()) co_await g.wait();
  };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(resign, test::shell_fixture)

BOOST_AUTO_TEST_CASE(hands_over_and_stays_a_candidate) {
  auto a = in_ledger("a", note("a "));
  auto b = in_ledger("b", note("b "));
  outcome<> o;
  a.resign(o.handler());
  sandbox.settle();
  BOOST_TEST(o.done());
  BOOST_TEST(!o.error);
  BOOST_TEST(b.is_leader());
  BOOST_TEST(told == (strings{"a acquired", "a revoked", "b acquired"}),
             boost::test_tools::per_element());
  BOOST_TEST((a.state() == candidate_state::live));
  b.close([](error_code) {});
  sandbox.run_for(100ms);
  BOOST_TEST(a.is_leader());
}

BOOST_AUTO_TEST_CASE(leads_again_after_standing_back_when_alone) {
  auto a = in_ledger("a");
  const auto token = a.term()->token();
  a.resign(5s, [](error_code) {});
  sandbox.run_for(5s - 1ms);
  BOOST_TEST(!a.is_leader());
  sandbox.run_for(102ms);
  BOOST_REQUIRE(a.is_leader());
  BOOST_TEST(a.term()->token() > token);
}

BOOST_AUTO_TEST_CASE(a_negative_time_to_stand_back_is_refused) {
  auto a = in_ledger("a");
  BOOST_CHECK_EXCEPTION(a.resign(-1ns, [](error_code) {}), config_error, [](const auto& e) {
    return e.field() == "stand_back" && e.value() == "-1ms" && e.rule() == "must not be negative";
  });
  BOOST_TEST(a.is_leader());
}

BOOST_AUTO_TEST_CASE(completes_when_the_barrier_has_returned) {
  gate g{context};
  auto a = in_ledger("a", hold_at(g));
  outcome<> first;
  outcome<> second;
  a.resign(first.handler());
  a.resign(second.handler());
  sandbox.run_for(1s);
  BOOST_TEST(!a.is_leader());
  BOOST_TEST(!first.done());
  BOOST_TEST(!second.done());
  g.open();
  sandbox.settle();
  BOOST_TEST(first.done());
  BOOST_TEST(second.done());
}

BOOST_AUTO_TEST_CASE(is_bounded_by_the_barriers_timeout) {
  gate g{context};
  auto a = in_ledger("a", hold_at(g));
  outcome<> o;
  a.resign(o.handler());
  sandbox.run_for(quiet().barrier_timeout);
  BOOST_TEST(o.done());
  BOOST_TEST(!o.error);
}

BOOST_AUTO_TEST_CASE(is_bounded_by_the_lease_when_the_ledger_is_out_of_reach) {
  auto a = in_ledger("a");
  sandbox.partition(a);
  outcome<> o;
  a.resign(o.handler());
  sandbox.run_for(quiet().lease);
  BOOST_TEST(o.done());
  BOOST_TEST(!o.error);
  sandbox.heal(a);
}

BOOST_AUTO_TEST_CASE(asked_for_again_while_it_goes_on_completes_each_time) {
  gate g{context};
  auto a = in_ledger("a", hold_at(g));
  auto b = in_ledger("b");
  std::vector<outcome<>> all(5);
  for (auto& o : all) a.resign(o.handler());
  sandbox.settle();
  for (auto& o : all) a.resign(o.handler());
  g.open();
  sandbox.settle();
  for (const auto& o : all) BOOST_TEST(o.times == 2);
  BOOST_TEST(!a.is_leader());
  BOOST_TEST(b.is_leader());
}

BOOST_AUTO_TEST_CASE(without_a_term_completes_at_once) {
  auto a = in_ledger("a");
  auto b = in_ledger("b");
  outcome<> o;
  b.resign(o.handler());
  sandbox.settle();
  BOOST_TEST(o.done());
  BOOST_TEST(!o.error);
  BOOST_TEST(a.is_leader());
}

BOOST_AUTO_TEST_CASE(from_within_the_acquired_barrier) {
  candidate* self = nullptr;
  int turns = 0;
  auto a = in_ledger("a", [&](event e) -> asio::awaitable<void> {
    told.push_back(kind(e));
    if (e.as<leader_acquired>() && self && ++turns == 1) co_await self->resign(asio::use_awaitable);
  });
  auto b = in_ledger("b");
  self = &a;
  a.resign([](error_code) {});
  sandbox.settle();
  BOOST_TEST(b.is_leader());
  b.close([](error_code) {});
  sandbox.run_for(1s);  // it leads, resigns at once, and leads again
  BOOST_TEST(a.is_leader());
  BOOST_TEST(told == (strings{"acquired", "revoked", "acquired", "revoked", "acquired"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(from_within_the_revoked_barrier) {
  candidate* self = nullptr;
  bool returned = false;
  auto a = in_ledger("a", [&](event e) -> asio::awaitable<void> {
    if (!e.as<leader_revoked>()) co_return;
    co_await self->resign(asio::use_awaitable);
    returned = true;
  });
  self = &a;
  outcome<> o;
  a.resign(o.handler());
  sandbox.settle();
  BOOST_TEST(returned);
  BOOST_TEST(o.done());
}

BOOST_AUTO_TEST_CASE(can_be_cancelled_and_goes_on) {
  gate g{context};
  auto a = in_ledger("a", hold_at(g));
  auto b = in_ledger("b");
  asio::cancellation_signal cancel;
  outcome<> o;
  a.resign(asio::bind_cancellation_slot(cancel.slot(), o.handler()));
  sandbox.settle();
  cancel.emit(asio::cancellation_type::total);
  sandbox.settle();
  BOOST_TEST(o.error == asio::error::operation_aborted);
  g.open();
  sandbox.settle();
  BOOST_TEST(b.is_leader());
  BOOST_TEST(o.times == 1);
}

BOOST_AUTO_TEST_CASE(overtaken_by_close_ends_with_it) {
  gate g{context};
  auto a = in_ledger("a", hold_at(g));
  outcome<> resigned;
  outcome<> closed;
  a.resign(resigned.handler());
  a.close(closed.handler());
  sandbox.settle();
  g.open();
  sandbox.settle();
  BOOST_TEST(resigned.done());
  BOOST_TEST(closed.done());
  outcome<> late;
  a.resign(late.handler());
  sandbox.settle();
  BOOST_TEST(late.error == errc::closed);
}

BOOST_AUTO_TEST_CASE(ends_when_the_candidate_is_destroyed) {
  gate g{context};
  outcome<> o;
  {
    auto a = in_ledger("a", hold_at(g));
    a.resign(o.handler());
    sandbox.settle();
  }
  sandbox.settle();
  BOOST_TEST(o.error == errc::closed);
}

BOOST_AUTO_TEST_CASE(ends_with_the_text_of_what_ended_the_candidate) {
  gate g{context};
  auto a = in_ledger("a", hold_at(g));
  outcome<> o;
  a.resign(o.handler());
  sandbox.settle();
  sandbox.fail(a, errc::not_authorized, "no right to write");
  g.open();
  sandbox.settle();
  BOOST_TEST(o.error == errc::not_authorized);
  BOOST_TEST(o.error.message() == "no right to write");
}

BOOST_AUTO_TEST_CASE(in_a_group_the_role_is_given_back) {
  auto a = sandbox.make_candidate(named("a"), note("a "));
  auto b = sandbox.make_candidate(named("b"), note("b "));
  sandbox.acquire(a);
  outcome<> o;
  a.resign(o.handler());
  sandbox.settle();
  BOOST_TEST(o.done());
  BOOST_TEST(!a.is_leader());
  sandbox.acquire(b);
  BOOST_TEST(b.is_leader());
  BOOST_TEST(told == (strings{"a acquired", "a revoked", "b acquired"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
