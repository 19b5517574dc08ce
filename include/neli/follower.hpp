// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/config.hpp>
#include <neli/detail/api.hpp>
#include <neli/detail/closed_handler.hpp>
#include <neli/event.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace neli {

namespace shell {
class follower;
}

namespace testing {
class connected;
class sandbox;
}  // namespace testing

namespace detail {
using change_handler = asio::any_completion_handler<void(error_code, leader_changed)>;
NELI_API void async_next(const std::shared_ptr<shell::follower>&, change_handler);
NELI_API void async_close(const std::shared_ptr<shell::follower>&, closed_handler);
NELI_API void async_wait_closed(const std::shared_ptr<shell::follower>&, closed_handler);
}  // namespace detail

/// A participant that wants to know who leads, and does not contend.
///
/// It reads the ledger and appends nothing: it needs the right to read the leader topic, which it
/// makes only if `kafka::create_topic` says so, and none for a group. It works the same with
/// either arbitration of the candidates. It ignores the settings that are about contending
/// (arbitration, group, metadata, heartbeats, barriers).
///
/// It tells what was read: use it to find the leader, not to decide who may act. A follower that
/// starts when the leader has just crashed names that leader until the lease has passed.
///
/// Destruction ends it at once. The execution context must outlive it.
///
/// Thread safety: every member function but construction, move and destruction may be called from
/// any thread; one `next` at a time.
class NELI_API follower {
 public:
  using executor_type = asio::any_io_executor;

  /// Starts to read. Does not wait for the store. Throws like `candidate`'s constructor.
  follower(asio::any_io_executor executor, neli::config config);

  follower(follower&&) noexcept = default;
  follower& operator=(follower&&) noexcept;
  ~follower();

  executor_type get_executor() const noexcept;

  /// Who holds the role's current term, as read from the ledger. None: no candidate holds it, or it
  /// is not known.
  std::optional<leader_info> leader() const;

  /// Waits for the next change of who leads; the first call tells the present state. Terms never go
  /// down from one change to the next. It is a change too when nobody leads any more, with the
  /// reason: the leader's release was read, or its lease has passed. So is new metadata of the
  /// leader's.
  ///
  /// A follower that is asked too seldom misses changes, but never the last state.
  ///
  /// Preconditions: no other `next` of this follower is outstanding.
  /// Lifetimes: the follower may be destroyed while the operation is outstanding; it then ends with
  ///   `errc::closed`.
  /// Completion signature: `void(neli::error_code, neli::leader_changed)`.
  /// Executor: the handler's associated executor, else the follower's; never inline.
  /// Cancellation: all types; no change is lost, the next call gets it. Completes with
  ///   `asio::error::operation_aborted`.
  /// Errors: `errc::closed` after the last change; the error that ended the follower, with the
  /// store's
  ///   text.
  template <asio::completion_token_for<void(error_code, leader_changed)> Token = asio::deferred_t>
  [[nodiscard]] auto next(Token&& token = {}) {
    return asio::async_initiate<Token, void(error_code, leader_changed)>(
        [](detail::change_handler handler, const std::shared_ptr<shell::follower>& f) {
          detail::async_next(f, std::move(handler));
        },
        token, follower_);
  }

  /// Ends it. A second call waits for the same. librdkafka's client is freed in the background.
  /// From within a barrier or a task of its session, see `candidate`, it completes once closing has
  /// begun.
  ///
  /// Completion signature: `void(error_code)`.
  /// Executor: the handler's associated executor, else the follower's; never inline.
  /// Cancellation: all types, of the waiting only; closing goes on. Completes with
  ///   `asio::error::operation_aborted`.
  /// Errors: none.
  template <asio::completion_token_for<void(error_code)> Token = asio::deferred_t>
  [[nodiscard]] auto close(Token&& token = {}) {
    return asio::async_initiate<Token, void(error_code)>(
        [](detail::closed_handler handler, const std::shared_ptr<shell::follower>& f) {
          detail::async_close(f, std::move(handler));
        },
        token, follower_);
  }

  /// Waits until the follower is closed, by `close()` or by an error.
  ///
  /// Completion signature, executor and cancellation as for `close()`.
  /// Errors: the error that ended the follower, with the store's text.
  template <asio::completion_token_for<void(error_code)> Token = asio::deferred_t>
  [[nodiscard]] auto wait_closed(Token&& token = {}) {
    return asio::async_initiate<Token, void(error_code)>(
        [](detail::closed_handler handler, const std::shared_ptr<shell::follower>& f) {
          detail::async_wait_closed(f, std::move(handler));
        },
        token, follower_);
  }

 private:
  friend class session;
  friend class testing::connected;
  friend class testing::sandbox;
  explicit follower(std::shared_ptr<shell::follower> f) : follower_{std::move(f)} {}

  std::shared_ptr<shell::follower> follower_;
};

}  // namespace neli
