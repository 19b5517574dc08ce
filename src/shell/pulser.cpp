// SPDX-License-Identifier: BSL-1.0
#include "shell/pulser.hpp"

#include "shell/exceptions.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace neli::shell {

void pulser::start(task t) {
  const auto& user = candidate_->user_strand();
  run_.emplace(
      user, user, [self = shared_from_this(), t = std::move(t)] { return self->repeat(t); },
      [self = shared_from_this()](std::exception_ptr e) { self->ended(std::move(e)); });
}

asio::awaitable<void> pulser::repeat(task t) {
  while (!closing_) {
    const bool leads =
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void(error_code, bool)>(
            detail::initiate_pulse{}, asio::use_awaitable, candidate_,
            std::optional<clock::duration>{});
    if (!leads || closing_) continue;
    working_ = true;
    co_await t();
    working_ = false;
  }
}

void pulser::close() {
  asio::dispatch(candidate_->user_strand(), [self = shared_from_this()] {
    self->closing_ = true;
    // It does not interrupt a call that has begun.
    if (!self->working_) self->run_->cancel();
  });
}

void pulser::wait_closed(detail::done_handler handler) {
  auto op = make_pending(std::move(handler), candidate_->executor(), candidate_->user_strand());
  asio::dispatch(candidate_->user_strand(), [op, self = shared_from_this()] {
    if (self->ended_) return op->complete(self->error_);
    std::erase_if(self->waiting_, [](const auto& o) { return o->done(); });
    self->waiting_.push_back(op);
  });
}

void pulser::ended(std::exception_ptr e) {
  ended_ = true;
  const auto code = code_of(e);
  const bool asked_for =
      code == errc::closed || (closing_ && code == asio::error::operation_aborted);
  if (!asked_for) error_ = std::move(e);
  for (auto& op : std::exchange(waiting_, {})) op->complete(error_);
}

}  // namespace neli::shell
