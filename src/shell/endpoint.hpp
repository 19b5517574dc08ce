// SPDX-License-Identifier: BSL-1.0
// What candidates and followers have in common: one role of a session, who leads it as far as was
// read, and the operations that wait for the end.
#pragma once

#include "shell/pending.hpp"
#include "strand.hpp"
#include <neli/candidate.hpp>

#include <boost/asio/dispatch.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace neli::shell {

class session;

class endpoint : public std::enable_shared_from_this<endpoint> {
 public:
  endpoint(std::string role, std::shared_ptr<session>);
  endpoint(const endpoint&) = delete;
  endpoint& operator=(const endpoint&) = delete;
  virtual ~endpoint();

  // --- from any thread ---

  const asio::any_io_executor& executor() const noexcept { return executor_; }
  session& get_session() const noexcept { return *session_; }
  std::optional<leader_info> leader() const;
  candidate_state state() const noexcept { return state_.load(std::memory_order_acquire); }

  void close(detail::closed_handler);
  void wait_closed(detail::closed_handler);
  /// The handle is destroyed: stop at once.
  virtual void drop() = 0;

  // --- from the session, on its strand ---

  const std::string& name() const { return name_; }
  virtual void tell(const event&) = 0;
  /// Whether it has ever been told who leads.
  bool knows() const { return last_changed_.has_value(); }
  virtual void begin_to_close();
  /// An error ends it. It still gives up what it has to.
  void fail(error_code);
  virtual void closed();

 protected:
  using waiting = std::vector<std::shared_ptr<pending<error_code>>>;

  static void wait_in(waiting&, std::shared_ptr<pending<error_code>>);
  static void complete(waiting&, error_code);

  virtual void give_up() = 0;
  void note_leader(const leader_changed&);
  const std::optional<leader_changed>& last_changed() const { return last_changed_; }
  error_code failure() const { return failure_; }
  error_code why_ended() const { return failure_ ? failure_ : make_error_code(errc::closed); }
  const strand& own_strand() const;

  const std::string name_;
  const std::shared_ptr<session> session_;
  const asio::any_io_executor executor_;
  mutable std::mutex mutex_;  ///< of what any thread may read; held for the time of a copy

 private:
  std::atomic<candidate_state> state_{candidate_state::live};
  std::optional<leader_info> leader_;  ///< under the mutex

  // On the strand.
  std::optional<leader_changed> last_changed_;
  waiting closing_;
  waiting until_closed_;
  waiting until_closing_;  ///< of barriers and tasks, which would wait for themselves
  error_code failure_;
};

/// Runs it on the session's strand. The endpoint lives until then.
template <class Endpoint, class F>
void on_strand(Endpoint& p, const strand& s, F f) {
  asio::dispatch(s, [self = std::static_pointer_cast<Endpoint>(p.shared_from_this()),
                     f = std::move(f)]() mutable { f(*self); });
}

}  // namespace neli::shell
