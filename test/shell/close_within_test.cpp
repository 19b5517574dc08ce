// SPDX-License-Identifier: BSL-1.0
// A close waits for barriers and tasks. So a barrier or a task that itself closes the candidate or
// the session must not wait until that is done.
#include "support/shell_fixture.hpp"

#include <algorithm>
#include <functional>

using namespace neli;
using namespace std::chrono_literals;
using test::outcome;

namespace {

using strings = std::vector<std::string>;
using deed = std::function<asio::awaitable<void>()>;

struct within : test::shell_fixture {
  /// A barrier that does the deed at this kind of turn.
  barrier_function at(std::string turn, deed s) {
    return [this, turn, s](event e) -> asio::awaitable<void> {
      told.push_back(kind(e));
      if (kind(e) != turn) co_return;
      co_await s();
      told.push_back("returned");
    };
  }

  session make(std::string name) {
    return sandbox.make_session(named(std::move(name)), {"billing", "shipping"});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(closing_from_within, within)

BOOST_AUTO_TEST_CASE(a_revoked_barrier_that_closes_its_candidate_is_followed_by_a_release) {
  candidate* self = nullptr;
  auto a = in_ledger("a", at("revoked", [&]() -> asio::awaitable<void> {
                       co_await self->close(asio::use_awaitable);
                     }));
  self = &a;
  auto b = in_ledger("b");
  a.resign(nothing);
  sandbox.settle();  // no time passes
  BOOST_TEST(told == (strings{"acquired", "revoked", "returned"}),
             boost::test_tools::per_element());
  BOOST_TEST((a.state() == candidate_state::closed));
  BOOST_TEST(b.is_leader());
}

BOOST_AUTO_TEST_CASE(a_revoked_barrier_that_waits_for_the_close_is_followed_by_a_release) {
  candidate* self = nullptr;
  auto a = in_ledger("a", at("revoked", [&]() -> asio::awaitable<void> {
                       co_await self->wait_closed(asio::use_awaitable);
                     }));
  self = &a;
  auto b = in_ledger("b");
  outcome<> closed;
  a.close(closed.handler());
  sandbox.settle();
  BOOST_TEST(told == (strings{"acquired", "revoked", "returned"}),
             boost::test_tools::per_element());
  BOOST_TEST(closed.done());
  BOOST_TEST(b.is_leader());
}

BOOST_AUTO_TEST_CASE(a_revoked_barrier_can_close_the_session) {
  auto s = make("s");
  auto billing = s.candidate("billing", at("revoked", [&]() -> asio::awaitable<void> {
                               co_await s.close(asio::use_awaitable);
                             }));
  auto shipping = s.candidate("shipping");
  sandbox.settle();
  BOOST_REQUIRE(billing.is_leader());
  billing.resign(nothing);
  sandbox.settle();
  BOOST_TEST(told == (strings{"acquired", "revoked", "returned"}),
             boost::test_tools::per_element());
  BOOST_TEST((billing.state() == candidate_state::closed));
  BOOST_TEST((shipping.state() == candidate_state::closed));
}

BOOST_AUTO_TEST_CASE(revoked_barriers_of_a_session_can_close_each_others_candidates) {
  auto s = make("s");
  candidate* first = nullptr;
  candidate* second = nullptr;
  auto billing = s.candidate("billing", at("revoked", [&]() -> asio::awaitable<void> {
                               co_await second->close(asio::use_awaitable);
                             }));
  auto shipping = s.candidate("shipping", at("revoked", [&]() -> asio::awaitable<void> {
                                co_await first->close(asio::use_awaitable);
                              }));
  first = &billing;
  second = &shipping;
  sandbox.settle();
  outcome<> closed;
  s.close(closed.handler());
  sandbox.settle();
  BOOST_TEST(std::count(told.begin(), told.end(), "returned") == 2);
  BOOST_TEST(closed.done());
}

BOOST_AUTO_TEST_CASE(revoked_barriers_of_a_session_can_make_each_others_candidates_resign) {
  auto s = make("s");
  candidate* first = nullptr;
  candidate* second = nullptr;
  auto billing = s.candidate("billing", at("revoked", [&]() -> asio::awaitable<void> {
                               co_await second->resign(asio::use_awaitable);
                             }));
  auto shipping = s.candidate("shipping", at("revoked", [&]() -> asio::awaitable<void> {
                                co_await first->resign(asio::use_awaitable);
                              }));
  first = &billing;
  second = &shipping;
  sandbox.settle();
  outcome<> resigned;
  billing.resign(1h, resigned.handler());
  shipping.resign(1h, nothing);
  sandbox.settle();
  BOOST_TEST(std::count(told.begin(), told.end(), "returned") == 2);
  BOOST_TEST(resigned.done());
}

BOOST_AUTO_TEST_CASE(an_acquired_barrier_can_close_its_candidate) {
  candidate* self = nullptr;
  auto b = in_ledger("b");
  auto a = in_ledger("a", at("acquired", [&]() -> asio::awaitable<void> {
                       co_await self->close(asio::use_awaitable);
                     }));
  self = &a;
  b.close(nothing);
  sandbox.run_for(1ms);
  BOOST_TEST(told.at(0) == "acquired");
  BOOST_TEST(told.at(1) == "returned");
  BOOST_TEST((a.state() == candidate_state::closed));
}

BOOST_AUTO_TEST_CASE(a_fenced_barrier_can_close_its_candidate) {
  candidate* self = nullptr;
  auto a = in_ledger("a", at("fenced", [&]() -> asio::awaitable<void> {
                       co_await self->close(asio::use_awaitable);
                     }));
  self = &a;
  sandbox.partition(a);
  sandbox.run_for(quiet().lease);
  BOOST_TEST(told == (strings{"acquired", "fenced", "returned"}), boost::test_tools::per_element());
  BOOST_TEST((a.state() == candidate_state::closed));
}

BOOST_AUTO_TEST_CASE(a_led_task_can_close_its_candidate) {
  auto a = in_ledger("a", note());
  auto b = in_ledger("b");
  outcome<> ended;
  a.lead([&](term) -> asio::awaitable<void> { co_await a.close(asio::use_awaitable); },
         ended.handler());
  sandbox.settle();
  BOOST_TEST(told == (strings{"acquired", "revoked"}), boost::test_tools::per_element());
  BOOST_TEST((a.state() == candidate_state::closed));
  BOOST_TEST(ended.error == errc::closed);
  BOOST_TEST(b.is_leader());
}

BOOST_AUTO_TEST_CASE(a_background_task_can_close_its_candidate) {
  auto a = in_ledger("a", note());
  auto b = in_ledger("b");
  bool closing = false;
  auto task = a.background([&]() -> asio::awaitable<void> {
    co_await a.close(asio::use_awaitable);
    closing = a.state() != candidate_state::live;
  });
  sandbox.settle();
  BOOST_TEST(closing);
  BOOST_TEST(told == (strings{"acquired", "revoked"}), boost::test_tools::per_element());
  BOOST_TEST((a.state() == candidate_state::closed));
  BOOST_TEST(b.is_leader());
}

BOOST_AUTO_TEST_CASE(a_task_that_waits_for_the_end_is_told_when_it_begins_and_why) {
  auto a = in_ledger("a");
  error_code why;
  auto task = a.background([&]() -> asio::awaitable<void> {
    boost::system::error_code e;
    co_await a.wait_closed(asio::redirect_error(asio::use_awaitable, e));
    why = e;
  });
  sandbox.run_for(10s);
  BOOST_TEST(a.is_leader());
  BOOST_TEST(!why);
  sandbox.fail(a, errc::not_authorized, "no right to write");
  sandbox.settle();
  BOOST_TEST(why == errc::not_authorized);
  BOOST_TEST(why.message() == "no right to write");
}

BOOST_AUTO_TEST_CASE(a_barrier_waits_for_the_end_of_another_session_in_full) {
  auto other = make("other");
  auto shipping = other.candidate("shipping");
  sandbox.settle();
  auto a = in_ledger("a", at("revoked", [&]() -> asio::awaitable<void> {
                       co_await other.close(asio::use_awaitable);
                       told.push_back(shipping.state() == candidate_state::closed ? "closed" : "?");
                     }));
  a.close(nothing);
  sandbox.settle();
  BOOST_TEST(told == (strings{"acquired", "revoked", "closed", "returned"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
