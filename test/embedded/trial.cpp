// SPDX-License-Identifier: BSL-1.0
#include "embedded/trial.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <utility>

namespace neli::test {

using namespace std::chrono_literals;

namespace {

constexpr int at_a_time = 24;
constexpr auto long_enough = 30s;

asio::awaitable<finding> attempt(contest& c, const trial& t) {
  finding f;
  f.met = co_await t.disturb(c);
  const auto end = clock::now();
  // Whoever led before may not have noticed yet that it cannot go on.
  const auto settled = end + lease / 2;
  if (co_await c.until([&] { return c.led_since(settled) || c.all_closed(); }, long_enough) &&
      !c.all_closed())
    f.recovery = std::chrono::duration_cast<milliseconds>(clock::now() - end);
  f.failure = c.failure();
  f.violation = c.violation();
  co_return f;
}

class trials {
 public:
  explicit trials(const std::vector<trial>& all) : all_{all} {
    for (int n = 0; n < at_a_time; ++n)
      asio::co_spawn(context_, one_after_the_other(), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
      });
    context_.run();
    cleaners_.join();
  }

  findings found;

 private:
  asio::awaitable<void> one_after_the_other() {
    while (next_ < all_.size()) {
      const auto& t = all_[next_++];
      contest c{context_};
      found[t.name] = co_await attempt(c, t);
      asio::post(cleaners_, [b = std::move(c).take_broker()] {});
    }
  }

  const std::vector<trial>& all_;
  std::size_t next_ = 0;
  asio::io_context context_;
  asio::thread_pool cleaners_{at_a_time};
};

}  // namespace

findings try_all(const std::vector<trial>& all) { return std::move(trials{all}.found); }

void check(const trial& t, const finding& f) {
  BOOST_TEST(f.violation == "");
  BOOST_TEST(f.met);
  if (t.expected == outcome::fails) {
    BOOST_TEST(f.failure.message().find(t.text) != std::string::npos, f.failure.message());
  } else {
    BOOST_TEST(!f.failure, f.failure.message());
    BOOST_TEST_REQUIRE(f.recovery.has_value());
    BOOST_TEST(f.recovery->count() <= (t.allowance + 2 * lease).count());
  }
}

asio::awaitable<bool> begin(contest& c) {
  c.start();
  co_return co_await c.until([&] { return c.leader(); }, long_enough);
}

}  // namespace neli::test
