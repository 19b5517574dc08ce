// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/candidate.hpp>
#include <neli/config.hpp>
#include <neli/detail/api.hpp>
#include <neli/detail/closed_handler.hpp>
#include <neli/follower.hpp>
#include <neli/status.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <memory>
#include <string>
#include <utility>

namespace neli {

class session;

namespace shell {
class session;
neli::session handle_of(std::shared_ptr<session>, std::shared_ptr<const config>);
}  // namespace shell

namespace detail {
NELI_API void async_close(const std::shared_ptr<shell::session>&, closed_handler);
}

/// Any number of candidates and followers, of different roles, over one ledger. They share one
/// consumer, one producer, in group arbitration one member of the group, and one heartbeat for all
/// the terms that are held.
///
///     neli::session session{executor, config};
///     auto billing = session.candidate("billing");
///     auto shipping = session.follower("shipping");
///
/// Each candidate has its own events, barrier and end: closing one disturbs no other. All of them
/// have the session's name and metadata. An error that ends the session ends them all.
///
/// With `arbitration::ledger` a session has candidates for any roles, one for each. With
/// `arbitration::group` they are for `kafka::roles`, which the group spreads over the sessions
/// that have any candidate. A session that is given a role and has no candidate for it leaves the
/// role to the others.
///
/// Candidates and followers keep the parts of the session that they need alive. After the session
/// is destroyed they go on; only none can be added any more.
///
/// Thread safety: every member function but construction, move and destruction may be called from
/// any thread.
class NELI_API session {
 public:
  using executor_type = asio::any_io_executor;

  /// Starts to read. Does not wait for the store. Throws like `neli::candidate`'s constructor.
  session(asio::any_io_executor executor, neli::config config);

  session(session&&) noexcept = default;
  session& operator=(session&&) noexcept;
  ~session();

  executor_type get_executor() const noexcept;

  /// A candidate for the role, 1 to 255 bytes of UTF-8. Throws `config_error` for a bad name, in
  /// group arbitration for a role that is not among `kafka::roles`, and if the session has a
  /// candidate for the role that is not closed yet. A candidate that is made when the session is
  /// closing or closed is closed at once.
  neli::candidate candidate(const std::string& role, barrier_function barrier = {});

  /// A follower of the role. A candidate of this session may contend for the same role.
  neli::follower follower(const std::string& role);

  /// How the session is, as of now: a copy.
  session_status status() const;

  /// See `candidate::update_metadata()`.
  void update_metadata(std::string metadata);

  /// Closes every candidate and follower as their own `close()` does, and then the session. A
  /// second call waits for the same. From within a barrier or a task of one of its candidates, see
  /// `candidate`, it completes once closing has begun.
  ///
  /// Completion signature: `void(error_code)`.
  /// Executor: the handler's associated executor, else the session's; never inline.
  /// Cancellation: all types, of the waiting only; closing goes on. Completes with
  ///   `asio::error::operation_aborted`.
  /// Errors: none.
  template <asio::completion_token_for<void(error_code)> Token = asio::deferred_t>
  [[nodiscard]] auto close(Token&& token = {}) {
    return asio::async_initiate<Token, void(error_code)>(
        [](detail::closed_handler handler, const std::shared_ptr<shell::session>& s) {
          detail::async_close(s, std::move(handler));
        },
        token, session_);
  }

 private:
  friend class testing::connected;
  friend session shell::handle_of(std::shared_ptr<shell::session>,
                                  std::shared_ptr<const neli::config>);
  session(std::shared_ptr<shell::session>, std::shared_ptr<const neli::config>);

  std::shared_ptr<shell::session> session_;
  std::shared_ptr<const neli::config> config_;
};

}  // namespace neli
