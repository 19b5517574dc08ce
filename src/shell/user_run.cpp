// SPDX-License-Identifier: BSL-1.0
#include "shell/user_run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace neli::shell {

user_run::user_run(strand user, const strand& own, coroutine what, over then)
    : user_{std::move(user)}, signal_{std::make_shared<asio::cancellation_signal>()} {
  auto body = [what = std::move(what)]() -> asio::awaitable<void> { co_await what(); };
  // The signal lives as long as what it may cancel.
  auto ended = [own, then = std::move(then), signal = signal_](std::exception_ptr e) {
    asio::post(own, [then, e] { then(e); });
  };
  asio::post(user_, [on = user_, signal = signal_, body = std::move(body),
                     ended = std::move(ended)]() mutable {
    asio::co_spawn(on, std::move(body),
                   asio::bind_cancellation_slot(signal->slot(), std::move(ended)));
  });
}

void user_run::cancel() const {
  asio::post(user_, [signal = signal_] { signal->emit(asio::cancellation_type::terminal); });
}

}  // namespace neli::shell
