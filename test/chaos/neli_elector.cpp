// SPDX-License-Identifier: BSL-1.0
#include "neli_elector.hpp"

#include <neli/neli.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>

namespace neli::chaos {

namespace {

using namespace std::chrono_literals;

barrier_function tell_and_flush(const tools::facts& says) {
  return [&says](event e) -> asio::awaitable<void> {
    says.print("TURN", to_string(e));
    if (!e.as<leader_revoked>()) co_return;
    asio::steady_timer flush{co_await asio::this_coro::executor, 20ms};
    co_await flush.async_wait(asio::use_awaitable);
  };
}

class neli_elector final : public elector {
 public:
  neli_elector(config c, const tools::facts& says)
      : candidate_{context_.get_executor(), std::move(c), tell_and_flush(says)} {
    candidate_.wait_closed([&says, this](error_code e) {
      says.print("CLOSED", e ? e.message() : "");
      if (!leaving_) std::_Exit(EXIT_FAILURE);
    });
    loop_ = std::jthread{[this] { context_.run(); }};
  }

  ~neli_elector() override { context_.stop(); }

  std::optional<std::uint64_t> leads() const override {
    if (!candidate_.is_leader()) return std::nullopt;
    const auto term = candidate_.term();
    return term ? term->token() : 0;
  }

  void leave() override {
    leaving_ = true;
    candidate_.close(asio::use_future).get();
  }

 private:
  asio::io_context context_{1};
  candidate candidate_;
  std::atomic<bool> leaving_{false};
  std::jthread loop_;
};

}  // namespace

std::unique_ptr<elector> make_neli_elector(config c, const tools::facts& says) {
  return std::make_unique<neli_elector>(std::move(c), says);
}

}  // namespace neli::chaos
