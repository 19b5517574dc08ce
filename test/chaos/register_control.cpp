// SPDX-License-Identifier: BSL-1.0
#include "register_control.hpp"

#include <neli/clock.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>

namespace neli::chaos {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

std::uint64_t time_of_day_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(now).count());
}

class register_control final : public elector {
 public:
  register_control(const register_store& s, const config& c, const tools::facts& says)
      : name_{c.name}, lease_{c.lease}, says_{says} {
    const asio::any_io_executor on = asio::make_strand(context_);
    register_ = s.make(on, c);
    asio::co_spawn(on, contend(), asio::detached);
    loop_ = std::jthread{[this] { context_.run(); }};
  }
  ~register_control() override { context_.stop(); }

  std::optional<std::uint64_t> leads() const override {
    const auto token = token_.load();
    return token ? std::optional{token} : std::nullopt;
  }
  void leave() override {
    leaving_ = true;
    loop_.join();
  }

 private:
  /// What the program does between two looks at the lock.
  static constexpr auto work = 100ms;

  asio::awaitable<void> contend() {
    while (!leaving_) {
      try {
        co_await look();
      } catch (const std::exception& e) {
        says_.print("TROUBLE", e.what());
      }
      std::this_thread::sleep_for(work);
    }
    token_ = 0;
    register_.reset();
  }

  asio::awaitable<void> look() {
    const auto lock = co_await in_time(register_->load());
    if (std::exchange(seen_, lock.version) != lock.version) seen_since_ = clock::now();
    if (token_ && lock.bytes != written(token_)) turn(0);
    const bool is_free = lock.version.empty() || clock::now() - seen_since_ > lease_;
    if (!token_ && !is_free) co_return;
    const auto token = token_ ? token_.load() : time_of_day_ms();
    const auto swap = co_await in_time(register_->compare_and_swap(lock.version, written(token)));
    if (swap.swapped != (token_ != 0)) turn(swap.swapped ? token : 0);
  }

  std::string written(std::uint64_t token) const { return name_ + " " + std::to_string(token); }

  void turn(std::uint64_t token) {
    token_ = token;
    says_.print("TURN", token ? "assigned" : "revoked");
  }

  template <class T>
  asio::awaitable<T> in_time(asio::awaitable<T> operation) {
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer limit{co_await asio::this_coro::executor, lease_ / 4};
    auto first = co_await (std::move(operation) || limit.async_wait(asio::use_awaitable));
    if (first.index() != 0) throw std::runtime_error{"no answer"};
    co_return std::get<0>(std::move(first));
  }

  const std::string name_;
  const clock::duration lease_;
  const tools::facts& says_;
  asio::io_context context_{1};
  std::unique_ptr<shared_register> register_;
  std::string seen_;
  clock::time_point seen_since_{};
  std::atomic<std::uint64_t> token_{0};
  std::atomic<bool> leaving_{false};
  std::jthread loop_;
};

}  // namespace

std::unique_ptr<elector> make_control(const register_store& s, const config& c,
                                      const tools::facts& says) {
  return std::make_unique<register_control>(s, c, says);
}

}  // namespace neli::chaos
