// SPDX-License-Identifier: BSL-1.0
#include "core/barriers.hpp"

#include <utility>

namespace neli::core {

void barriers::run(event e) {
  if (!running_) return start(std::move(e));
  next_ = std::move(e);
  if (!running_->cancelled) cancel();
}

void barriers::done(std::uint64_t id) {
  if (!running_ || running_->id != id) return;
  running_.reset();
  if (auto e = std::exchange(next_, std::nullopt)) start(*std::move(e));
}

bool barriers::advance() {
  if (!running_ || context_.now < running_->until) return false;
  if (!running_->cancelled) {
    cancel();
  } else {
    context_.act(action::abandon_barrier{role_, running_->id});
    done(running_->id);
  }
  return true;
}

void barriers::start(event e) {
  running_ = one{++context_.last_barrier, false, never};
  // The candidate bounds the barriers of a term that it holds. This one is not bounded otherwise.
  if (e.as<leader_fenced>()) running_->until = limit();
  context_.act(action::run_barrier{role_, running_->id, std::move(e)});
}

void barriers::cancel() {
  running_->cancelled = true;
  running_->until = limit();
  context_.act(action::cancel_barrier{role_, running_->id});
}

}  // namespace neli::core
