// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/background_task.hpp>
#include <neli/config.hpp>
#include <neli/detail/api.hpp>
#include <neli/detail/closed_handler.hpp>
#include <neli/detail/post.hpp>
#include <neli/event.hpp>
#include <neli/event_stream.hpp>
#include <neli/lead_options.hpp>
#include <neli/status.hpp>
#include <neli/term.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace neli {

/// Runs at each turn of a candidate's own leadership, see `candidate`.
using barrier_function = std::function<asio::awaitable<void>(event)>;

namespace shell {
class candidate;
}

namespace testing {
class connected;
class sandbox;
}  // namespace testing

namespace detail {

using pulse_handler = asio::any_completion_handler<void(error_code, bool)>;

NELI_API bool leads(const shell::candidate&) noexcept;
NELI_API const asio::any_io_executor& executor_of(const shell::candidate&) noexcept;
NELI_API void async_pulse(shell::candidate&, std::optional<clock::duration>, pulse_handler);
NELI_API void check_stand_back(clock::duration);
NELI_API void async_resign(const std::shared_ptr<shell::candidate>&, clock::duration stand_back,
                           closed_handler);
/// Throws `config_error`.
NELI_API lead_options completed(const shell::candidate&, lead_options);
NELI_API void async_lead(const std::shared_ptr<shell::candidate>&, leader_task, lead_options,
                         closed_handler);
NELI_API void async_close(const std::shared_ptr<shell::candidate>&, closed_handler);
NELI_API void async_wait_closed(const std::shared_ptr<shell::candidate>&, closed_handler);

/// While leading, which is when it is called again and again, a pulse costs one post.
struct initiate_pulse {
  template <class Handler, class Pointer>
  void operator()(Handler&& handler, const Pointer& c,
                  std::optional<clock::duration> timeout) const {
    if (!leads(*c)) return async_pulse(*c, timeout, std::forward<Handler>(handler));
    post_results(std::forward<Handler>(handler), executor_of(*c), error_code{}, true);
  }
};

/// How an operation that may be started later holds its candidate. A deferred one, which is what is
/// awaited in a loop, does not share it: counting references would cost a fifth of the post.
template <class Token>
auto hold(const std::shared_ptr<shell::candidate>& c) {
  if constexpr (std::is_same_v<std::decay_t<Token>, asio::deferred_t>)
    return c.get();
  else
    return c;
}

}  // namespace detail

/// A participant that wants to lead. It contends from its construction until it is closed or
/// destroyed.
///
/// All work happens on a strand over the given executor. The only other threads are librdkafka's,
/// and short-lived ones that look at the topic and free clients; no code of yours runs on them.
///
/// The barrier, if there is one, is awaited at each turn of this candidate's own leadership:
/// - `leader_acquired`: before `pulse()` and `is_leader()` report leadership;
/// - `leader_revoked`: before any other candidate leads; the lease is renewed meanwhile;
/// - `leader_fenced`: after leadership has ended without notice.
/// Barriers run one at a time, on a strand of their own over the given executor. A barrier that is
/// overtaken by the next turn is cancelled (terminal cancellation), and so is a barrier that takes
/// longer than `config::barrier_timeout`: then the candidate, if it led, is fenced and stands back
/// for two leases. A barrier that does not end within the same time after its cancellation is given
/// up, with a `barrier_failed` event with `errc::barrier_abandoned`. A barrier that throws counts
/// as returned; the exception is logged and becomes a `barrier_failed` event.
///
/// From within a barrier or a task of `background()` or `lead()`, of this candidate or of another
/// candidate of its session, the operations that give up or end (`resign()`, `close()`,
/// `wait_closed()`, `session::close()`) complete once giving up or closing has begun. The end waits
/// for the barrier or task, which would otherwise wait for itself.
///
/// Destruction without `close()`: the candidate stops at once, without a barrier and without a
/// release; others take over when its lease and, in group arbitration, the group's session have run
/// out (docs/threading.md). The execution context must outlive it.
///
/// Thread safety: every member function but construction, move and destruction may be called from
/// any thread.
class NELI_API candidate {
 public:
  using executor_type = asio::any_io_executor;

  /// Starts to contend. Does not wait for the store. Throws `config_error` for a configuration that
  /// cannot work, and `std::system_error` when the system has no descriptor or thread left. An
  /// error that may pass (brokers out of reach) does not throw: it becomes a `trouble` event, and
  /// the candidate tries again for ever. A refusal that lasts ends the candidate (docs/errors.md).
  candidate(asio::any_io_executor executor, neli::config config, barrier_function barrier = {});

  candidate(candidate&&) noexcept = default;
  candidate& operator=(candidate&&) noexcept;
  ~candidate();

  executor_type get_executor() const noexcept { return detail::executor_of(*candidate_); }

  /// Waits until this candidate leads, or for `timeout`.
  ///
  /// The heart of a service's loop: `if (co_await candidate.pulse(10ms)) ...`. Completes with true
  /// as soon as this candidate leads and its acquired-barrier has returned, with false after
  /// `timeout` (at once if it is not positive). It always yields to the executor at least once.
  ///
  /// Lifetimes: the candidate may be destroyed while the operation is outstanding; it then ends
  ///   with `errc::closed`. What `asio::deferred` returns must be started before that.
  /// Completion signature: `void(error_code, bool)`.
  /// Executor: the handler's associated executor, else the candidate's; never inline.
  /// Cancellation: all types; nothing is lost. Completes with `asio::error::operation_aborted`.
  /// Errors: `errc::closed` when the candidate is closing or closed; the error that ended it, with
  ///   the store's text, for instance `errc::not_authorized` or `errc::no_ledger`. See
  ///   docs/errors.md.
  template <asio::completion_token_for<void(error_code, bool)> Token = asio::deferred_t>
  [[nodiscard]] auto pulse(clock::duration timeout, Token&& token = {}) {
    return asio::async_initiate<Token, void(error_code, bool)>(
        detail::initiate_pulse{}, token, detail::hold<Token>(candidate_), std::optional{timeout});
  }

  /// Like `pulse(timeout)`, for as long as it takes.
  template <asio::completion_token_for<void(error_code, bool)> Token = asio::deferred_t>
  [[nodiscard]] auto pulse(Token&& token = {}) {
    return asio::async_initiate<Token, void(error_code, bool)>(detail::initiate_pulse{}, token,
                                                               detail::hold<Token>(candidate_),
                                                               std::optional<clock::duration>{});
  }

  /// Whether the leader's work may be done now: the acquired-barrier has returned, the lease has
  /// not passed by the clock at this very moment, and leadership is not being given up. Needs no
  /// turn of the event loop to become false. Lock-free, does not allocate.
  bool is_leader() const noexcept { return detail::leads(*candidate_); }

  /// The term that this candidate leads now, with the lease as it stands; none when `is_leader()`
  /// is false.
  std::optional<neli::term> term() const;

  /// Who holds the role's current term, as read from the ledger. A new holder may still be waiting
  /// for its predecessor's lease to pass. It tells what was read, not the present state: use it to
  /// find the leader, not to decide who may act. None: no candidate holds it, or it is not known.
  std::optional<leader_info> leader() const;

  /// Sets what others know of this process from now on, instead of `config::metadata`: up to 4096
  /// bytes of UTF-8, else `config_error`. While it leads, the others are told at once, by a
  /// heartbeat out of turn. All candidates of a session have the same metadata.
  void update_metadata(std::string metadata);

  candidate_state state() const noexcept;

  /// How the candidate is, and what keeps it from leading: a copy, as of now. Each
  /// change of that is logged at the level debug.
  neli::status status() const;

  /// When the last heartbeat was sent, how long it took to come back, and when the next one is due.
  heartbeat_times heartbeats() const;

  /// The events from now on, starting with the current state. See `event_stream`.
  event_stream events();

  /// Calls a short task again and again while this candidate leads, with a turn of the event loop
  /// in between, until the handle is closed or destroyed, the candidate ends, or the task throws.
  /// Runs on the strand of the barriers, in turns with them. The task is not cancelled when
  /// leadership ends: it should look at `is_leader()` between its steps.
  background_task background(std::function<asio::awaitable<void>()> task);

  /// Structured leadership: runs a task for as long as this candidate leads.
  ///
  ///     co_await candidate.lead([](neli::term t) -> asio::awaitable<void> { ... });
  ///
  /// At each acquisition, when the barrier has returned, the task is started with the term. At its
  /// end it is cancelled (terminal cancellation): when leadership is to be given up, which then
  /// waits for the task to end, and for the revoked-barrier after it; when leadership was lost; and
  /// a `lead_options::margin` before the lease would run out, so that a task that heeds its
  /// cancellation in time never outlives its term. If the lease is renewed at the last moment the
  /// task is started again, in the same term.
  ///
  /// A task that returns resigns. A task that throws is logged, is a `task_failed` event, and
  /// resigns, with a back-off. A task that does not end within `config::barrier_timeout` after its
  /// cancellation delays the candidate as a barrier would; and until the task ends, the candidate
  /// resigns each term that it wins.
  ///
  /// The task runs on the strand of the barriers. Several calls of `lead` run several tasks. Throws
  /// `config_error` for options that cannot work.
  ///
  /// Completion signature: `void(error_code)`.
  /// Executor: the handler's associated executor, else the candidate's; never inline.
  /// Cancellation: all types. Cancels the task, waits for it to end, and completes with
  ///   `asio::error::operation_aborted`. The candidate goes on, and still leads if it led: close it
  ///   or resign if that is not wanted.
  /// Errors: `errc::closed` when the candidate is closing, closed or destroyed; the error that
  ///   ended it. Not before the task has ended.
  template <asio::completion_token_for<void(error_code)> Token = asio::deferred_t>
  [[nodiscard]] auto lead(leader_task task, lead_options options, Token&& token = {}) {
    return asio::async_initiate<Token, void(error_code)>(
        [](detail::closed_handler handler, const std::shared_ptr<shell::candidate>& c,
           leader_task t,
           lead_options o) { detail::async_lead(c, std::move(t), o, std::move(handler)); },
        token, candidate_, std::move(task), detail::completed(*candidate_, options));
  }

  /// Like `lead(task, {})`.
  template <asio::completion_token_for<void(error_code)> Token = asio::deferred_t>
  [[nodiscard]] auto lead(leader_task task, Token&& token = {}) {
    return lead(std::move(task), lead_options{}, std::forward<Token>(token));
  }

  /// Gives leadership up in an orderly way (barrier, release), and stays a candidate.
  ///
  /// Others go first: for a random part of a tenth of the lease, and for `stand_back` on top of
  /// that, this candidate does not claim the role again. In group arbitration it keeps the role's
  /// partition and lets the other candidates lead. A claim, or a term that is not led yet, is
  /// withdrawn too: without a barrier, and others go first for `stand_back` alone. With neither
  /// there is nothing to give up and nothing to wait for. A second call can only change how long it
  /// stands back.
  ///
  /// Throws `config_error` for a negative `stand_back`.
  ///
  /// Completes when leadership has been given up. Bounded: by `barrier_timeout` and the lease. From
  /// within a barrier or a task, see `candidate`, it completes once the hand-over has begun. An
  /// acquired-barrier that runs is cancelled by it, and so are the tasks of `lead()`.
  ///
  /// Completion signature: `void(error_code)`.
  /// Executor: the handler's associated executor, else the candidate's; never inline.
  /// Cancellation: all types, of the waiting only; leadership is given up all the same. Completes
  ///   with `asio::error::operation_aborted`.
  /// Errors: `errc::closed` when the candidate is closing or closed, or is destroyed meanwhile; the
  ///   error that ended it.
  template <asio::completion_token_for<void(error_code)> Token = asio::deferred_t>
  [[nodiscard]] auto resign(clock::duration stand_back, Token&& token = {}) {
    detail::check_stand_back(stand_back);
    return asio::async_initiate<Token, void(error_code)>(
        [](detail::closed_handler handler, const std::shared_ptr<shell::candidate>& c,
           clock::duration wait) { detail::async_resign(c, wait, std::move(handler)); },
        token, candidate_, stand_back);
  }

  /// Like `resign(0s)`.
  template <asio::completion_token_for<void(error_code)> Token = asio::deferred_t>
  [[nodiscard]] auto resign(Token&& token = {}) {
    return resign(clock::duration::zero(), std::forward<Token>(token));
  }

  /// Gives leadership up in an orderly way (barrier, release), and leaves.
  ///
  /// Any number of calls may overlap. Bounded: by `barrier_timeout` for each barrier that must
  /// return or be given up, the lease for the release, and a second for the group. From within a
  /// barrier or a task, see `candidate`, it completes once closing has begun.
  ///
  /// librdkafka's clients are freed in the background after that, and a good-bye to the group that
  /// takes longer goes on: let the context run until its `run()` returns (docs/threading.md).
  ///
  /// Completion signature: `void(error_code)`.
  /// Executor: the handler's associated executor, else the candidate's; never inline.
  /// Cancellation: all types, of the waiting only; closing goes on. Completes with
  ///   `asio::error::operation_aborted`.
  /// Errors: none.
  template <asio::completion_token_for<void(error_code)> Token = asio::deferred_t>
  [[nodiscard]] auto close(Token&& token = {}) {
    return asio::async_initiate<Token, void(error_code)>(
        [](detail::closed_handler handler, const std::shared_ptr<shell::candidate>& c) {
          detail::async_close(c, std::move(handler));
        },
        token, candidate_);
  }

  /// Waits until the candidate is closed, by `close()` or by an error; from within a barrier or a
  /// task, see `candidate`, until closing has begun.
  ///
  /// Completion signature, executor and cancellation as for `close()`.
  /// Errors: the error that ended the candidate, with the store's text.
  template <asio::completion_token_for<void(error_code)> Token = asio::deferred_t>
  [[nodiscard]] auto wait_closed(Token&& token = {}) {
    return asio::async_initiate<Token, void(error_code)>(
        [](detail::closed_handler handler, const std::shared_ptr<shell::candidate>& c) {
          detail::async_wait_closed(c, std::move(handler));
        },
        token, candidate_);
  }

 private:
  friend class session;
  friend class testing::connected;
  friend class testing::sandbox;
  explicit candidate(std::shared_ptr<shell::candidate> c) : candidate_{std::move(c)} {}

  std::shared_ptr<shell::candidate> candidate_;
};

}  // namespace neli
