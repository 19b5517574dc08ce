// SPDX-License-Identifier: BSL-1.0
#include "embedded/trial.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <exception>
#include <future>

namespace neli::test {

using namespace std::chrono_literals;

namespace {

// With more trials at once, the machine would be the limit.
#ifdef NELI_SANITIZED
constexpr int at_a_time = 8;
#else
constexpr int at_a_time = 24;
#endif
constexpr auto long_enough = 1min;
/// The additional time that a busy machine may take.
constexpr auto patience = 30s;

asio::awaitable<finding> observe(contest& c, const trial& t) {
  finding f;
  f.met = co_await t.disturb(c);
  const auto end = clock::now();
  // A leader from before may not have noticed yet that it is over.
  const auto settled = end + lease / 2;
  if (co_await c.until([&] { return c.led_since(settled) || c.all_closed(); }, long_enough) &&
      !c.all_closed())
    f.recovery = std::chrono::duration_cast<milliseconds>(clock::now() - end);
  f.failure = c.failure();
  f.violation = c.violation();
  co_return f;
}

}  // namespace

findings try_all(const std::vector<trial>& all) {
  std::vector<finding> found(all.size());
  std::atomic<std::size_t> next{0};
  std::vector<std::future<void>> workers;
  for (int n = 0; n < at_a_time; ++n)
    workers.push_back(std::async(std::launch::async, [&] {
      for (auto i = next++; i < all.size(); i = next++)
        hold([&, i](contest& c) -> asio::awaitable<void> {
          found[i] = co_await observe(c, all[i]);
        });
    }));
  for (auto& w : workers) w.get();
  findings by_name;
  for (std::size_t i = 0; i < all.size(); ++i) by_name[all[i].name] = found[i];
  return by_name;
}

void check(const trial& t, const finding& f) {
  BOOST_TEST(f.violation == "");
  BOOST_TEST(f.met);
  if (t.expected == outcome::fails) {
    BOOST_TEST(f.failure.message().find(t.text) != std::string::npos, f.failure.message());
  } else {
    BOOST_TEST(!f.failure, f.failure.message());
    BOOST_TEST_REQUIRE(f.recovery.has_value());
    // Twice the time that it takes on an idle machine.
    BOOST_TEST(f.recovery->count() <= (2 * t.allowance + 4 * lease + patience).count());
  }
}

void hold(std::function<asio::awaitable<void>(contest&)> body) {
  asio::io_context context;
  asio::co_spawn(
      context,
      [&]() -> asio::awaitable<void> {
        contest c{context};
        co_await body(c);
      },
      [&](std::exception_ptr e) {
        context.stop();  // does not wait for candidates that are leaving a group
        if (e) std::rethrow_exception(e);
      });
  context.run();
}

asio::awaitable<bool> begin(contest& c) {
  c.start();
  co_return co_await c.until([&] { return c.leader(); }, long_enough);
}

}  // namespace neli::test
