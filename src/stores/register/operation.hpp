// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "strand.hpp"
#include <neli/clock.hpp>
#include <neli/stores/register.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace neli::stores::registers {

/// At most one operation of a register, which keeps the register alive until it ends.
class operation {
 public:
  operation() = default;
  operation(const operation&) = delete;
  operation& operator=(const operation&) = delete;
  ~operation() { leave(); }

  bool running() const { return state_ != nullptr; }
  /// Whether it runs though it was asked to end.
  bool cancelled() const { return state_ && state_->cancelled; }

  /// `call` makes the coroutine, whose result is a T. `done` takes the exception or the result, and
  /// whether it was asked to end; it is not called within this call.
  template <class T, class Call, class Done>
  void start(const strand&, std::shared_ptr<shared_register>, Call call, Done done);
  /// Asks it to end. It may do so well all the same.
  void cancel(const strand&);
  /// From now on its outcome is not told.
  void leave() {
    if (state_) state_->owner = nullptr;
    state_.reset();
  }

 private:
  struct state {
    asio::cancellation_signal signal;
    operation* owner = nullptr;
    bool cancelled = false;
    bool over = false;
  };
  /// Notes the end, also when the context destroys the coroutine.
  struct end {
    std::shared_ptr<state> of;
    explicit end(std::shared_ptr<state> s) : of{std::move(s)} {}
    end(end&&) noexcept = default;
    end& operator=(end&&) noexcept = default;
    ~end() {
      if (of) of->over = true;
    }
  };

  template <class T, class Call>
  static asio::awaitable<T> run(std::shared_ptr<shared_register> on, Call call) {
    co_return co_await call(*on);
  }

  std::shared_ptr<state> state_;
};

template <class T, class Call, class Done>
void operation::start(const strand& s, std::shared_ptr<shared_register> on, Call call, Done done) {
  state_ = std::make_shared<state>();
  state_->owner = this;
  asio::co_spawn(
      s, run<T>(std::move(on), std::move(call)),
      asio::bind_cancellation_slot(state_->signal.slot(),
                                   [e = end{state_}, done = std::move(done)](
                                       const std::exception_ptr& thrown, T result) mutable {
                                     auto* const owner = e.of->owner;
                                     if (!owner) return;
                                     owner->leave();
                                     done(thrown, std::move(result), e.of->cancelled);
                                   }));
}

/// Later, as the operation may end at once, by calling back.
inline void operation::cancel(const strand& s) {
  if (!state_ || std::exchange(state_->cancelled, true)) return;
  asio::post(s, [st = state_] {
    if (!st->over) st->signal.emit(asio::cancellation_type::terminal);
  });
}

}  // namespace neli::stores::registers
