// SPDX-License-Identifier: BSL-1.0
// What a candidate is made of: its standing, to be asked for from any thread, and those who wait
// for it.
#pragma once

#include "core/action.hpp"
#include "shell/barrier_runner.hpp"
#include "shell/pending.hpp"
#include "shell/strand.hpp"
#include "shell/subscription.hpp"
#include "shell/time_source.hpp"
#include <neli/candidate.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace neli::shell {

class session;

class role : public std::enable_shared_from_this<role> {
 public:
  role(std::string name, std::shared_ptr<session>, barrier_function);

  // --- from any thread ---

  bool leads() const noexcept {
    const auto until = lease_end_.load(std::memory_order_acquire);
    return until != not_leading && time_.now().time_since_epoch().count() < until;
  }
  std::optional<neli::term> term() const;
  std::optional<leader_info> leader() const;
  candidate_state state() const noexcept { return state_.load(std::memory_order_acquire); }
  heartbeat_times deadline() const;
  const asio::any_io_executor& executor() const noexcept { return executor_; }
  const strand& user_strand() const noexcept { return user_; }

  void pulse(std::optional<clock::duration> timeout, detail::pulse_handler);
  void resign(clock::duration stand_back, detail::closed_handler);
  void close(detail::closed_handler);
  void wait_closed(detail::closed_handler);
  std::shared_ptr<subscription> subscribe();
  /// The handle is gone: stop at once.
  void drop();

  // --- from the session, on its strand ---

  const std::string& name() const { return name_; }
  void tell(const event&);
  void lead(core::token, clock::time_point until);
  void stop_leading();
  void run_barrier(std::uint64_t id, const event&);
  void cancel_barrier() { barriers_.cancel(); }
  void abandon_barrier();
  void note(heartbeat_times);
  /// An error ends the candidate; what still has to be given up is.
  void fail(error_code);
  void closed();
  bool resigns() const { return !resigning_.empty(); }
  /// What was to be given up has been, or an error has ended it.
  void resigned();

  bool has_pulses() const { return !pulses_.empty(); }
  clock::time_point next_timeout() const { return pulses_.begin()->first; }
  void time_out(clock::time_point now);

 private:
  using waiting_pulse = std::shared_ptr<pending<error_code, bool>>;
  using waiting = std::shared_ptr<pending<error_code>>;

  static constexpr auto not_leading = clock::rep{0};

  void begin_to_close();
  void end_pulses(error_code, bool leads);
  void add_pulse(clock::time_point until, waiting_pulse);
  std::vector<event> state_as_events() const;
  error_code why_ended() const;
  template <class F>
  void on_strand(F f);

  const std::string name_;
  const std::shared_ptr<session> session_;
  const time_source& time_;
  const asio::any_io_executor executor_;
  const strand user_;

  // Read from any thread.
  std::atomic<clock::rep> lease_end_{not_leading};
  std::atomic<candidate_state> state_{candidate_state::live};
  mutable std::mutex mutex_;  ///< of the next three; held for a copy only
  core::token token_ = 0;
  std::optional<leader_info> leader_;
  heartbeat_times heartbeats_;

  // On the strand.
  barrier_runner barriers_;
  std::multimap<clock::time_point, waiting_pulse> pulses_;
  std::vector<waiting> resigning_;
  std::vector<waiting> closing_;
  std::vector<waiting> until_closed_;
  std::vector<std::weak_ptr<subscription>> subscriptions_;
  std::optional<event> last_changed_;
  std::optional<event> last_own_;
  error_code failure_;
};

}  // namespace neli::shell
