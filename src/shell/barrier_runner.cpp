// SPDX-License-Identifier: BSL-1.0
#include "shell/barrier_runner.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace neli::shell {

void barrier_runner::run(std::uint64_t id, const event& e, done d) {
  if (!barrier_) {
    asio::post(own_, [id, d = std::move(d)] { d(id, nullptr); });
    return;
  }
  auto signal = running_ = std::make_shared<asio::cancellation_signal>();
  // Entirely on the user's strand: also the part of a barrier before its coroutine, and whatever
  // it throws there.
  auto body = [barrier = barrier_, e]() -> asio::awaitable<void> { co_await barrier(e); };
  auto over = [own = own_, id, d = std::move(d), signal](std::exception_ptr error) {
    asio::post(own, [id, d, error] { d(id, error); });
  };
  asio::post(user_,
             [user = user_, signal, body = std::move(body), over = std::move(over)]() mutable {
               asio::co_spawn(user, std::move(body),
                              asio::bind_cancellation_slot(signal->slot(), std::move(over)));
             });
}

void barrier_runner::cancel() {
  if (!running_) return;
  asio::post(user_, [signal = running_] { signal->emit(asio::cancellation_type::terminal); });
}

}  // namespace neli::shell
