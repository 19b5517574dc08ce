// SPDX-License-Identifier: BSL-1.0
#include "support/shell_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <stdexcept>

using namespace neli;
using namespace std::chrono_literals;
using test::outcome;
using test::shell_fixture;

namespace {

struct streams : shell_fixture {
  /// Everything that can be read without waiting.
  std::vector<event> all(event_stream& s) {
    std::vector<event> read;
    while (true) {
      asio::cancellation_signal stop;
      outcome<event> o;
      s.next(asio::bind_cancellation_slot(stop.slot(), o.handler()));
      sandbox.settle();
      if (!o.done()) {
        stop.emit(asio::cancellation_type::terminal);
        sandbox.settle();
      }
      if (o.error) return read;
      read.push_back(std::get<0>(*o.results));
    }
  }
  std::vector<std::string> kinds(event_stream& s) {
    std::vector<std::string> names;
    for (const auto& e : all(s)) names.push_back(kind(e));
    return names;
  }
};

using names = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(event_streams, streams)

BOOST_AUTO_TEST_CASE(tell_in_order) {
  auto c = sandbox.make_candidate(quiet());
  auto s = c.events();
  sandbox.acquire(c);
  sandbox.revoke(c);
  sandbox.acquire(c);
  sandbox.fence(c);
  BOOST_TEST(kinds(s) == (names{"changed", "acquired", "changed", "revoked", "changed", "acquired",
                                "changed", "fenced"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(start_with_the_current_state) {
  auto c = sandbox.make_candidate(quiet());
  sandbox.acquire(c);
  auto s = c.events();
  const auto read = all(s);
  BOOST_REQUIRE(read.size() == 2u);
  BOOST_TEST(read[0].as<leader_changed>()->leader->name == "test");
  BOOST_TEST(read[1].as<leader_acquired>()->term.token() == c.term()->token());
}

BOOST_AUTO_TEST_CASE(are_independent_of_each_other) {
  auto c = sandbox.make_candidate(quiet());
  auto one = c.events();
  auto other = c.events();
  sandbox.acquire(c);
  BOOST_TEST(all(one).size() == 3u);
  sandbox.fence(c);
  BOOST_TEST(all(one).size() == 1u);
  BOOST_TEST(all(other).size() == 4u);
}

BOOST_AUTO_TEST_CASE(wake_the_reader_that_waits) {
  auto c = sandbox.make_candidate(quiet());
  auto s = c.events();
  all(s);
  outcome<event> o;
  s.next(o.handler());
  sandbox.acquire(c);
  BOOST_REQUIRE(o.done());
  BOOST_TEST(std::get<0>(*o.results).as<leader_acquired>());
}

BOOST_AUTO_TEST_CASE(lose_nothing_by_a_cancelled_wait) {
  auto c = sandbox.make_candidate(quiet());
  auto s = c.events();
  all(s);  // ends with a cancelled wait
  sandbox.acquire(c);
  BOOST_TEST(kinds(s) == (names{"acquired", "changed"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(are_bounded_and_never_hide_the_last_state) {
  auto c = sandbox.make_candidate(quiet());
  auto slow = c.events();
  for (int i = 0; i < 200; ++i) {
    sandbox.acquire(c);
    sandbox.revoke(c);
  }
  sandbox.acquire(c);
  const auto read = all(slow);
  BOOST_TEST(read.size() <= 70u);
  const leader_acquired* last_own = nullptr;
  const leader_changed* last_changed = nullptr;
  std::uint64_t highest = 0;
  for (const auto& e : read) {
    if (const auto* a = e.as<leader_acquired>()) last_own = a;
    if (const auto* x = e.as<leader_changed>(); x && x->leader) {
      last_changed = x;
      BOOST_TEST(x->leader->token >= highest);
      highest = x->leader->token;
    }
  }
  BOOST_TEST(last_own->term.token() == c.term()->token());
  BOOST_TEST(last_changed->leader->token == c.term()->token());
}

BOOST_AUTO_TEST_CASE(end_when_the_candidate_is_closed_after_its_last_event) {
  auto c = sandbox.make_candidate(quiet());
  auto s = c.events();
  sandbox.acquire(c);
  outcome<> closed;
  c.close(closed.handler());
  sandbox.settle();
  BOOST_TEST(kinds(s).back() == "revoked");
  outcome<event> o;
  s.next(o.handler());
  sandbox.settle();
  BOOST_TEST(o.error == errc::closed);
  auto late = c.events();
  BOOST_TEST(!all(late).empty());
}

BOOST_AUTO_TEST_CASE(end_with_the_error_that_ended_the_candidate) {
  auto c = sandbox.make_candidate(quiet());
  auto s = c.events();
  sandbox.fail(c, errc::no_ledger, "gone");
  all(s);
  outcome<event> o;
  s.next(o.handler());
  sandbox.settle();
  BOOST_TEST(o.error == errc::no_ledger);
  BOOST_TEST(o.error.message() == "gone");
}

BOOST_AUTO_TEST_CASE(end_when_they_are_destroyed) {
  auto c = sandbox.make_candidate(quiet());
  outcome<event> o;
  {
    auto s = c.events();
    all(s);
    s.next(o.handler());
    sandbox.settle();
  }
  sandbox.settle();
  BOOST_TEST(o.error == errc::closed);
}

BOOST_AUTO_TEST_CASE(outlive_their_candidate) {
  auto c = std::make_unique<candidate>(sandbox.make_candidate(quiet()));
  auto s = c->events();
  sandbox.acquire(*c);
  c.reset();
  sandbox.settle();
  BOOST_TEST(kinds(s) == (names{"changed", "acquired", "changed"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tell_of_trouble_and_of_its_end) {
  auto c = sandbox.make_candidate(quiet());
  auto s = c.events();
  sandbox.trouble(c, {-195, kafka_category()}, "broker transport failure");
  sandbox.trouble(c, {}, "well again");
  const auto read = all(s);
  BOOST_REQUIRE(read.size() == 3u);
  BOOST_TEST(read[1].as<trouble>()->what == "broker transport failure");
  BOOST_TEST((read[1].as<trouble>()->code && !read[2].as<trouble>()->code));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct pulsing : shell_fixture {
  int calls = 0;
  auto count() {
    return [this]() -> asio::awaitable<void> {
      // A task that is called without end must not keep the test from ending.
      if (++calls % 10 == 0) co_await idling.wait();
    };
  }
  test::gate idling{context};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(background_tasks, pulsing)

BOOST_AUTO_TEST_CASE(repeat_while_leading) {
  auto c = sandbox.make_candidate(quiet());
  auto task = c.background(count());
  sandbox.settle();
  BOOST_TEST(calls == 0);
  sandbox.acquire(c);
  BOOST_TEST(calls == 10);
  sandbox.fence(c);
  idling.open();
  sandbox.settle();
  BOOST_TEST(calls == 10);
  sandbox.acquire(c);
  sandbox.run_for(2s);
  BOOST_TEST(calls == 20);
  task.close();
  idling.open();
}

BOOST_AUTO_TEST_CASE(let_a_call_finish_when_closed) {
  auto c = sandbox.make_candidate(quiet());
  auto task = c.background(count());
  sandbox.acquire(c);
  task.close();
  std::optional<std::exception_ptr> ended;
  task.wait_closed([&](std::exception_ptr e) { ended = e; });
  sandbox.settle();
  BOOST_TEST(!ended.has_value());
  idling.open();
  sandbox.settle();
  BOOST_REQUIRE(ended.has_value());
  BOOST_TEST(!*ended);
  BOOST_TEST(calls == 10);
}

BOOST_AUTO_TEST_CASE(end_while_standing_by) {
  auto c = sandbox.make_candidate(quiet());
  auto task = c.background(count());
  sandbox.settle();
  task.close();
  task.close();
  std::optional<std::exception_ptr> ended;
  task.wait_closed([&](std::exception_ptr e) { ended = e; });
  sandbox.settle();
  BOOST_REQUIRE(ended.has_value());
  BOOST_TEST(!*ended);
}

BOOST_AUTO_TEST_CASE(go_on_when_the_wait_for_their_end_is_cancelled) {
  auto c = sandbox.make_candidate(quiet());
  auto task = c.background(count());
  asio::cancellation_signal signal;
  std::exception_ptr error;
  task.wait_closed(
      asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) { error = e; }));
  sandbox.settle();
  signal.emit(asio::cancellation_type::terminal);
  sandbox.settle();
  BOOST_CHECK_EXCEPTION(std::rethrow_exception(error), boost::system::system_error,
                        [](const auto& e) { return e.code() == asio::error::operation_aborted; });
  sandbox.acquire(c);
  BOOST_TEST(calls == 10);
  task.close();
  idling.open();
}

BOOST_AUTO_TEST_CASE(end_with_their_candidate) {
  std::optional<background_task> task;
  std::optional<std::exception_ptr> ended;
  {
    auto c = sandbox.make_candidate(quiet());
    task.emplace(c.background(count()));
    task->wait_closed([&](std::exception_ptr e) { ended = e; });
    sandbox.settle();
  }
  sandbox.settle();
  BOOST_REQUIRE(ended.has_value());
  BOOST_TEST(!*ended);
}

BOOST_AUTO_TEST_CASE(that_throw_are_not_called_again) {
  auto c = sandbox.make_candidate(quiet());
  auto task = c.background([this]() -> asio::awaitable<void> {
    ++calls;
    throw std::runtime_error{"out of work"};
    co_return;
  });
  sandbox.acquire(c);
  BOOST_TEST(calls == 1);
  std::exception_ptr error;
  task.wait_closed([&](std::exception_ptr e) { error = e; });
  sandbox.settle();
  BOOST_CHECK_THROW(std::rethrow_exception(error), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
