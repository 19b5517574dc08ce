// SPDX-License-Identifier: BSL-1.0
// A candidate on the session's strand: what any thread may ask of it, its pulses, tasks and
// barriers.
#pragma once

#include "core/action.hpp"
#include "shell/barrier_runner.hpp"
#include "shell/endpoint.hpp"
#include "shell/led_task.hpp"
#include "shell/subscription.hpp"
#include "time_source.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli::shell {

class candidate final : public endpoint {
 public:
  /// `user` is where its barriers and tasks run.
  candidate(std::string name, std::shared_ptr<session>, strand user, barrier_function);

  // --- from any thread ---

  bool leads() const noexcept {
    const auto until = lease_end_.load(std::memory_order_acquire);
    return until != not_leading && time_.now().time_since_epoch().count() < until;
  }
  std::optional<neli::term> term() const;
  neli::status status() const;
  /// True once: the session has kept the role's name for it until now.
  bool gives_up_name() noexcept { return named_.exchange(false); }
  const strand& user_strand() const noexcept { return user_; }

  void pulse(std::optional<clock::duration> timeout, detail::pulse_handler);
  void resign(clock::duration stand_back, detail::closed_handler);
  std::shared_ptr<subscription<event>> subscribe();
  /// The options are complete.
  void lead(leader_task, lead_options, detail::closed_handler);
  void drop() override;

  // --- from the session, on its strand ---

  void tell(const event&) override;
  void renew(core::token, clock::time_point until);
  void stop_leading();
  void run_barrier(std::uint64_t id, const event&);
  void cancel_barrier();
  void abandon_barrier();
  void hindered(hindrance);
  void begin_to_close() override;
  void closed() override;
  /// It has given up what it was to give up, or an error has ended it.
  void resigned();

  /// When to call `time_out` although nothing else has happened.
  clock::time_point next_timeout() const;
  void time_out(clock::time_point now);

  // --- from its tasks, on the session's strand ---

  clock::time_point now() const { return time_.now(); }
  void task_ended();

 private:
  using waiting_pulse = std::shared_ptr<pending<error_code, bool>>;

  static constexpr auto not_leading = clock::rep{0};

  hindrance why_not(const neli::status&) const;
  void give_up() override;
  void end_pulses(error_code, bool leads);
  void add_pulse(clock::time_point until, waiting_pulse);
  bool waits_for_tasks() const;
  void abandon(const std::string& who);
  std::vector<event> state_as_events() const;

  const time_source& time_;
  const strand user_;

  std::atomic<clock::rep> lease_end_{not_leading};
  std::atomic<bool> named_{true};
  core::token token_ = 0;                          ///< under the mutex
  hindrance hindered_by_ = hindrance::not_synced;  ///< under the mutex

  // On the strand.
  barrier_runner barriers_;
  std::vector<std::shared_ptr<led_task>> tasks_;
  struct held_barrier {
    std::uint64_t id;
    std::optional<event> what;  ///< none: it was cancelled
  };
  std::optional<held_barrier> held_;  ///< until tasks have ended
  std::multimap<clock::time_point, waiting_pulse> pulses_;
  waiting resigning_;
  std::vector<std::weak_ptr<subscription<event>>> subscriptions_;
  std::optional<event> last_own_;
};

}  // namespace neli::shell
