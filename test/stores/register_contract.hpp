// SPDX-License-Identifier: BSL-1.0
// The contract of include/neli/stores/register.hpp, for any register.
#pragma once

#include "contract/store.hpp"
#include "support/comes_about.hpp"
#include <neli/stores/register.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace neli::test::contract {

/// An operation that was started: at its end a value or an exception.
template <class T>
class started {
 public:
  started(asio::io_context& context, const asio::any_io_executor& on, asio::awaitable<T> operation)
      : context_{context} {
    asio::co_spawn(on, std::move(operation),
                   asio::bind_cancellation_slot(state_->signal.slot(),
                                                [to = state_](std::exception_ptr e, T value) {
                                                  to->error = std::move(e);
                                                  to->value = std::move(value);
                                                  to->done = true;
                                                }));
  }

  bool is_done() const { return state_->done; }
  void cancel() { state_->signal.emit(asio::cancellation_type::terminal); }
  /// Waits for its end, however that is.
  void await_end() {
    BOOST_REQUIRE_MESSAGE(run_until(context_, [&] { return is_done(); }), "it does not end");
  }
  /// Waits for its value, or throws.
  T await() {
    await_end();
    if (state_->error) std::rethrow_exception(state_->error);
    return std::move(state_->value);
  }

 private:
  struct state {
    asio::cancellation_signal signal;
    bool done = false;
    std::exception_ptr error;
    T value{};
  };
  asio::io_context& context_;
  std::shared_ptr<state> state_ = std::make_shared<state>();
};

/// One register, which holds nothing at first.
class registers {
 public:
  virtual ~registers() = default;

  /// Connects to it. Before the context is destroyed the caller destroys what it gets.
  virtual std::unique_ptr<shared_register> open() = 0;
  /// The value is deleted by somebody.
  virtual void remove() = 0;

  template <class T>
  started<T> start(asio::awaitable<T> operation) {
    return {context_, on_, std::move(operation)};
  }
  template <class T>
  T run(asio::awaitable<T> operation) {
    return start(std::move(operation)).await();
  }
  void until(const std::function<bool()>& so) {
    BOOST_REQUIRE_MESSAGE(run_until(context_, so), "it does not come about");
  }
  void pass(milliseconds t) {
    context_.restart();
    context_.run_for(t);
  }

 protected:
  asio::io_context& context() { return context_; }
  const asio::any_io_executor& on() const { return on_; }

 private:
  asio::io_context context_;
  asio::any_io_executor on_{asio::make_strand(context_)};
};

const std::vector<sentence<registers>>& of_registers();

}  // namespace neli::test::contract
