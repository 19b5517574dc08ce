// SPDX-License-Identifier: BSL-1.0
// A context that is destroyed with operations under way takes all of neli's along.
#include "support/shell_fixture.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/data/test_case.hpp>

#include <functional>

using namespace neli;
using namespace std::chrono_literals;

namespace {

/// A session holds its observer: when that is gone, the session is.
struct ending {
  std::optional<asio::io_context> context{std::in_place};
  std::optional<testing::sandbox> sandbox{std::in_place, *context};
  std::weak_ptr<observer> trace;

  config watched() {
    auto c = test::shell_fixture::quiet();
    c.observer = std::make_shared<observer>();
    trace = c.observer;
    return c;
  }
  void end() {
    sandbox.reset();
    context.reset();
  }
};

asio::awaitable<void> for_ever() {
  asio::steady_timer t{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
  co_await t.async_wait(asio::use_awaitable);
}

/// What a coroutine that holds its candidate may wait for.
struct wait {
  const char* what;
  std::function<asio::awaitable<void>(candidate&)> operation;
};
std::ostream& operator<<(std::ostream& to, const wait& w) { return to << w.what; }

const wait waits[] = {
    {"pulse", [](candidate& c) -> asio::awaitable<void> { co_await c.pulse(); }},
    {"resign", [](candidate& c) -> asio::awaitable<void> { co_await c.resign(); }},
    {"close", [](candidate& c) -> asio::awaitable<void> { co_await c.close(); }},
    {"wait_closed", [](candidate& c) -> asio::awaitable<void> { co_await c.wait_closed(); }},
    {"lead",
     [](candidate& c) -> asio::awaitable<void> {
       co_await c.lead([](term) { return for_ever(); });
     }},
    {"background",
     [](candidate& c) -> asio::awaitable<void> {
       auto b = c.background(for_ever);
       co_await b.wait_closed();
     }},
    {"events",
     [](candidate& c) -> asio::awaitable<void> {
       auto events = c.events();
       for (;;) co_await events.next();
     }},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(context_end, ending)

BOOST_DATA_TEST_CASE_F(ending, frees_a_coroutine_that_holds_what_it_waits_for, waits, one) {
  // Partitioned, so that nothing is given up in the end.
  auto c = std::make_shared<candidate>(sandbox->make_candidate(watched()));
  if (one.what != std::string{"pulse"}) sandbox->acquire(*c);
  sandbox->partition(*c);
  asio::co_spawn(
      *context, [c, &one]() -> asio::awaitable<void> { co_await one.operation(*c); },
      asio::detached);
  c.reset();
  sandbox->settle();
  BOOST_TEST(!trace.expired());
  end();
  BOOST_TEST(trace.expired());
}

BOOST_AUTO_TEST_CASE(frees_a_coroutine_that_holds_its_follower) {
  asio::co_spawn(
      *context,
      [f = sandbox->make_follower(watched())]() mutable -> asio::awaitable<void> {
        for (;;) co_await f.next();
      },
      asio::detached);
  sandbox->settle();
  BOOST_TEST(!trace.expired());
  end();
  BOOST_TEST(trace.expired());
}

// Wherever it ends: between any two handlers of an orderly end.
BOOST_AUTO_TEST_CASE(frees_a_session_that_is_closing) {
  bool closed = false;
  for (int handlers = 0; !closed; ++handlers) {
    ending e;
    {
      auto s = e.sandbox->make_session(e.watched(), {"billing", "shipping"}, arbitration::group);
      auto billing = s.candidate("billing");
      auto shipping = s.candidate("shipping");
      e.sandbox->settle();
      s.close([&closed](error_code) { closed = true; });
      e.context->restart();
      for (int i = 0; i < handlers; ++i) e.context->poll_one();
    }
    e.end();
    BOOST_TEST(e.trace.expired(), "ended after " << handlers << " handlers");
  }
}

BOOST_AUTO_TEST_SUITE_END()
