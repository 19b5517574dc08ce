// SPDX-License-Identifier: BSL-1.0
// Candidates come and go within one process and leave nothing behind.
#include "kafka/fixture.hpp"
#include <neli/neli.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <utility>

using namespace neli;
using namespace std::chrono_literals;
using test::the_broker;
using test::unique;

namespace {

std::ptrdiff_t entries(const char* folder) {
  return std::distance(std::filesystem::directory_iterator{folder}, {});
}
std::ptrdiff_t threads() { return entries("/proc/self/task"); }

/// How many there are once that stands still: those of clients that say good-bye end a little
/// later, and one that has been joined is listed until the system has come round to it.
std::ptrdiff_t settled_threads() {
  using clock = std::chrono::steady_clock;
  const auto give_up = clock::now() + 1min;
  auto count = threads();
  for (auto since = clock::now(); clock::now() - since < 1s && clock::now() < give_up;) {
    std::this_thread::sleep_for(10ms);
    if (const auto now = threads(); std::exchange(count, now) != now) since = clock::now();
  }
  return count;
}

std::ptrdiff_t descriptors() { return entries("/proc/self/fd"); }

long resident_kb() {
  std::ifstream statm{"/proc/self/statm"};
  long total = 0, resident = 0;
  statm >> total >> resident;
  return resident * 4;
}

#ifdef NELI_SANITIZED
constexpr bool keeps_what_was_freed = true;
#else
constexpr bool keeps_what_was_freed = false;
#endif

config quick(const std::string& topic) {
  return {.kafka = {{"bootstrap.servers", the_broker().servers()}},
          .leader_group_id = topic,
          .leader_topic = topic,
          .arbitration = arbitration::group,
          .lease = test::long_lease,
          .session_timeout = 2s,
          .group_heartbeat_interval = 100ms,
          .logger = no_logger()};
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
    while (!*closed) step();  // some to the end
  };
  const auto drain = [&] {
    context.restart();
    context.run();
  };
  for (int i = 0; i < 20; ++i) one();  // what librdkafka and the allocator keep for ever
  drain();
  const auto threads_before = settled_threads();
  const auto descriptors_before = descriptors();
  const auto resident_before = resident_kb();
  for (int i = 0; i < 200; ++i) one();
  drain();
  BOOST_TEST(settled_threads() == threads_before);
  BOOST_TEST(descriptors() == descriptors_before);
  // Of 200 candidates: not even 100 kB each.
  BOOST_TEST((keeps_what_was_freed || resident_kb() - resident_before < 20'000));
}

BOOST_AUTO_TEST_CASE(a_candidate_may_be_used_from_many_threads) {
  asio::thread_pool pool{4};
  const auto topic = unique("leader");
  {
    candidate c{pool.get_executor(), quick(topic)};
    BOOST_TEST(c.pulse(asio::use_future).get());
    std::vector<std::thread> askers;
    for (int i = 0; i < 4; ++i)
      askers.emplace_back([&] {
        for (int n = 0; n < 200; ++n) {
          c.is_leader();
          c.term();
          c.leader();
          c.deadline();
          c.state();
          auto events = c.events();
          events.next([](error_code, event) {});
          c.pulse(1ms, asio::use_future).wait();
        }
      });
    for (auto& t : askers) t.join();
    BOOST_TEST(c.is_leader());
    c.close(asio::use_future).get();
    BOOST_TEST(!c.is_leader());
  }
  pool.join();
}

BOOST_AUTO_TEST_CASE(a_context_that_is_destroyed_takes_its_candidates_work_along) {
  const auto threads_before = settled_threads();
  std::optional<asio::io_context> context{std::in_place};
  {
    candidate c{context->get_executor(), quick(unique("leader"))};
    c.pulse([&](error_code, bool) { context->stop(); });
    context->run();
  }
  context.reset();  // without having run what the destruction has left to do
  BOOST_TEST(settled_threads() == threads_before);
}

BOOST_AUTO_TEST_SUITE_END()
