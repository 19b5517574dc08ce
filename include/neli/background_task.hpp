// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/detail/api.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace neli {

namespace asio = boost::asio;

namespace shell {
class pulser;
}

namespace detail {
using done_handler = asio::any_completion_handler<void(std::exception_ptr)>;
NELI_API void async_wait_closed(const std::shared_ptr<shell::pulser>&, done_handler);
}  // namespace detail

/// The handle of `candidate::background()`. Destroying it closes the task.
///
/// Thread safety: `close()` from any thread; otherwise one thread at a time.
class NELI_API background_task {
 public:
  explicit background_task(std::shared_ptr<shell::pulser> p) : pulser_{std::move(p)} {}
  background_task(background_task&&) noexcept = default;
  background_task& operator=(background_task&&) noexcept;
  ~background_task();

  /// Ends the repetition: a call of the task that has begun is let finish, no other begins. May be
  /// called any number of times. Does not wait.
  void close();

  /// Waits until the task will not be called any more.
  ///
  /// Completion signature: `void(std::exception_ptr)`.
  /// Executor: the handler's associated executor, else the candidate's; never inline.
  /// Cancellation: all types, of the waiting only. Completes with
  ///   `asio::error::operation_aborted`.
  /// Errors: what the task threw, which ends the repetition; the error that ended the candidate.
  ///   The closing of the candidate or of this handle is none.
  template <asio::completion_token_for<void(std::exception_ptr)> Token = asio::deferred_t>
  [[nodiscard]] auto wait_closed(Token&& token = {}) {
    return asio::async_initiate<Token, void(std::exception_ptr)>(
        [](detail::done_handler handler, const std::shared_ptr<shell::pulser>& p) {
          detail::async_wait_closed(p, std::move(handler));
        },
        token, pulser_);
  }

 private:
  std::shared_ptr<shell::pulser> pulser_;
};

}  // namespace neli
