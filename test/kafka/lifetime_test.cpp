// SPDX-License-Identifier: BSL-1.0
// Candidates come and go within one process and leave nothing behind.
#include "kafka/fixture.hpp"
#include "support/usage.hpp"
#include <neli/neli.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <utility>

using namespace neli;
using namespace std::chrono_literals;
using test::descriptors;
using test::heap;
using test::keeps_what_was_freed;
using test::no_more_threads_than;
using test::resident_kb;
using test::settled_threads;
using test::the_broker;
using test::unique;

namespace {

kafka in_group(const std::string& group) {
  return {.properties = {{"bootstrap.servers", the_broker().servers()}},
          .arbitration = arbitration::group,
          .group_id = group,
          .session_timeout = 2s,
          .group_heartbeat_interval = 100ms};
}

config quick(const std::string& topic) {
  return {.store = in_group(topic), .ledger = topic, .lease = 5s, .logger = no_logger()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lifetimes)

BOOST_AUTO_TEST_CASE(two_hundred_candidates_leave_nothing_behind) {
  const auto topic = unique("leader");
  std::mt19937 random{4711};
  asio::io_context context;
  const auto step = [&] {
    context.restart();
    context.run_one_for(5ms);
  };
  const auto one = [&] {
    candidate c{context.get_executor(), quick(topic)};
    auto events = c.events();
    c.pulse([](error_code, bool) {});
    events.next([](error_code, event) {});
    const auto life = std::chrono::microseconds{random() % 60'000};
    const auto end = std::chrono::steady_clock::now() + life;
    // Handlers may outlive the candidate.
    const auto closed = std::make_shared<bool>(false);
    const auto note = [closed](error_code) { *closed = true; };
    if (random() % 3 == 0) c.close(note);
    while (std::chrono::steady_clock::now() < end) step();
    if (random() % 20 != 0) return;
    c.close(note);
    while (!*closed) step();  // some go on to the end
  };
  const auto drain = [&] {
    context.restart();
    context.run();
  };
  for (int i = 0; i < 20; ++i) one();  // librdkafka and the allocator keep something for ever
  drain();
  const auto threads_before = settled_threads();
  const auto descriptors_before = descriptors();
  const auto resident_before = resident_kb();
  for (int i = 0; i < 200; ++i) one();
  drain();
  BOOST_TEST(no_more_threads_than(threads_before));
  BOOST_TEST(descriptors() <= descriptors_before);
  // Less than 100 kB for each of 200 candidates.
  BOOST_TEST((keeps_what_was_freed || resident_kb() - resident_before < 20'000));
}

BOOST_AUTO_TEST_CASE(a_context_that_is_destroyed_takes_its_candidates_work_along) {
  const auto threads_before = settled_threads();
  std::optional<asio::io_context> context{std::in_place};
  {
    candidate c{context->get_executor(), quick(unique("leader"))};
    c.pulse([&](error_code, bool) { context->stop(); });
    context->run();
  }
  context.reset();  // without running the handlers that the destruction left
  BOOST_TEST(no_more_threads_than(threads_before));
}

BOOST_AUTO_TEST_CASE(a_context_that_is_destroyed_takes_a_coroutine_with_its_candidate_along) {
  const auto threads_before = settled_threads();
  std::optional<asio::io_context> context{std::in_place};
  const auto lead_until_the_end = [&]() -> asio::awaitable<void> {
    candidate c{context->get_executor(), quick(unique("leader"))};
    co_await c.pulse();
    context->stop();
    co_await c.wait_closed();
  };
  asio::co_spawn(*context, lead_until_the_end, asio::detached);
  context->run();
  context.reset();
  BOOST_TEST(no_more_threads_than(threads_before));
}

// The group takes long to let the candidate in, and would wait a session timeout for a member that
// is gone without a good-bye.
BOOST_AUTO_TEST_CASE(a_candidate_that_closes_while_it_joins_leaves_no_member_behind) {
  constexpr auto long_session = 2min;
  auto c = quick(unique("leader"));
  auto group = in_group(c.ledger);
  group.assignor = assignor::range;  // a member that joins interrupts the leader
  group.session_timeout = long_session;
  c.store = group;
  c.barrier_timeout = long_session;
  asio::io_context context;
  asio::steady_timer gate{context, asio::steady_timer::time_point::max()};
  bool held = false;
  candidate leader{context.get_executor(), c, [&](event e) -> asio::awaitable<void> {
                     if (!e.as<leader_revoked>() || std::exchange(held, true)) co_return;
                     boost::system::error_code opened;
                     co_await gate.async_wait(asio::redirect_error(asio::use_awaitable, opened));
                   }};
  const auto within_half_a_session = [&](const std::function<bool()>& so) {
    return test::run_until(context, so, long_session / 2);
  };
  BOOST_REQUIRE(within_half_a_session([&] { return leader.is_leader(); }));
  candidate guest{context.get_executor(), c};
  BOOST_REQUIRE(within_half_a_session([&] { return held; }));
  bool closed = false;
  guest.close([&](error_code) { closed = true; });
  BOOST_REQUIRE(within_half_a_session([&] { return closed; }));
  gate.cancel();
  BOOST_TEST(within_half_a_session([&] { return leader.is_leader(); }));
}

// Its long form, NELI_TRIALS=10000, takes about three minutes.
BOOST_AUTO_TEST_CASE(terms_that_come_and_go_leave_nothing_behind) {
  asio::io_context context;
  auto c = quick(unique("leader"));
  c.store = kafka{{{"bootstrap.servers", the_broker().servers()}}};
  c.lease = test::short_lease;
  session s{context.get_executor(), c};
  const auto until = [&](const bool& done) {
    while (!done) context.run_one();
  };
  // Each role is free again, at the latest by its lease, when its turn comes again.
  const auto one = [&](int i) {
    auto made = std::make_unique<candidate>(s.candidate("role" + std::to_string(i % 200)));
    auto events = made->events();
    events.next([](error_code, event) {});
    bool done = false, leads = false;
    const auto note = [&](error_code) { done = true; };
    made->pulse([&](error_code e, bool yes) { done = true, leads = !e && yes; });
    until(done);
    BOOST_TEST_REQUIRE(leads);
    done = false;
    switch (i % 4) {
      case 0: return made.reset();
      case 1: made->resign(1h, note); break;
      case 2: made->close(note); break;
      case 3: {
        asio::cancellation_signal signal;
        made->lead(
            [](term) -> asio::awaitable<void> {
              asio::steady_timer t{co_await asio::this_coro::executor, 1h};
              co_await t.async_wait(asio::use_awaitable);
            },
            asio::bind_cancellation_slot(signal.slot(), note));
        context.poll();
        signal.emit(asio::cancellation_type::terminal);
        until(done);
        done = false;
        made->close(note);
      }
    }
    until(done);
  };
  int i = 0;
  while (i < 400) one(i++);  // something stays for each role, and librdkafka keeps something
  const auto threads_before = settled_threads();
  const auto descriptors_before = descriptors();
  const auto heap_before = heap();
  const auto wanted = test::trials(1000);
  for (int n = 0; n < wanted; ++n) one(i++);
  BOOST_TEST(no_more_threads_than(threads_before));
  BOOST_TEST(descriptors() <= descriptors_before);
  const auto grown = heap() - heap_before;
  BOOST_TEST_MESSAGE(wanted << " terms: the heap has grown by " << grown << " bytes");
  BOOST_TEST((keeps_what_was_freed || grown < 100'000));
  bool done = false;
  s.close([&](error_code) { done = true; });
  until(done);
}

BOOST_AUTO_TEST_SUITE_END()
