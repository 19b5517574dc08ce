// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/handlers_service.hpp"
#include <neli/error.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <utility>

namespace neli::shell {

/// What a cancelled operation completes with.
inline void set_aborted(boost::system::error_code& e) { e = asio::error::operation_aborted; }
inline void set_aborted(std::exception_ptr& e) {
  e = std::make_exception_ptr(boost::system::system_error{asio::error::operation_aborted});
}

/// An asynchronous operation that waits: its handler, with the executor and the outstanding work
/// that Asio's rules ask for. It is constructed anywhere and used on the strand.
template <class Error, class... Results>
class pending final : private waiting_handler {
 public:
  using handler_type = asio::any_completion_handler<void(Error, Results...)>;

  /// `fallback` runs the handler if it has no executor of its own.
  pending(handler_type handler, asio::any_io_executor fallback)
      : work_{asio::get_associated_executor(handler, fallback)},
        fallback_{std::move(fallback)},
        service_{handlers_service::of(fallback_)},
        handler_{std::move(handler)} {
    service_.add(*this);
  }
  ~pending() {
    if (handler_) service_.remove(*this);
  }

  /// Completes the operation, once. Does not call the handler inline.
  void complete(Error error, Results... results) {
    if (!handler_) return;
    service_.remove(*this);
    // From there it goes on to the handler's own executor.
    asio::post(fallback_, asio::append(std::exchange(handler_, nullptr), std::move(error),
                                       std::move(results)...));
    work_.reset();
  }

  bool done() const { return !handler_; }

 private:
  void abandon() override {
    work_.reset();
    const auto destroyed = std::exchange(handler_, nullptr);
  }

  asio::executor_work_guard<asio::any_completion_executor> work_;
  asio::any_io_executor fallback_;
  handlers_service& service_;
  handler_type handler_;
};

/// Makes a pending operation of a handler. A cancellation may be emitted on any thread; it
/// completes the operation on the strand.
template <class Error, class... Results, class Strand>
std::shared_ptr<pending<Error, Results...>> make_pending(
    asio::any_completion_handler<void(Error, Results...)> handler,
    const asio::any_io_executor& fallback, const Strand& on) {
  auto slot = asio::get_associated_cancellation_slot(handler);
  auto op = std::make_shared<pending<Error, Results...>>(std::move(handler), fallback);
  // The slot is not cleared on completion: that would race with its emission on another thread.
  if (slot.is_connected())
    slot.assign([weak = std::weak_ptr{op}, on](asio::cancellation_type) {
      asio::post(on, [weak] {
        const auto self = weak.lock();
        if (!self) return;
        Error e;
        set_aborted(e);
        self->complete(std::move(e), Results{}...);
      });
    });
  return op;
}

}  // namespace neli::shell
