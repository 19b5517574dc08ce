// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/endpoint.hpp"
#include "shell/user_run.hpp"
#include <neli/lead_options.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>

namespace neli::shell {

class candidate;

/// What `candidate::lead()` begins: runs a task while the role is led. The task runs on the strand
/// for user code; everything else is on the session's.
class led_task : public std::enable_shared_from_this<led_task> {
 public:
  /// The options are complete. `done` completes when the task is over for good.
  led_task(candidate&, leader_task, lead_options, std::shared_ptr<pending<error_code>> done);

  /// The candidate leads. Called again whenever its lease has grown.
  void leads(const term&);
  /// The candidate does not lead, or not for much longer: cancels the task.
  void stop();
  /// Does not start the task again. When it has ended, the operation completes with the error.
  void end(error_code);

  bool runs() const { return running_.has_value(); }
  bool ended() const { return end_.has_value(); }
  /// When to stop it unless the lease grows.
  clock::time_point stop_at() const;
  /// If the task runs, nothing waits for its end any longer.
  void abandon() { abandoned_ = runs(); }
  /// Whether its end has to be waited for.
  bool awaited() const { return runs() && !abandoned_; }

 private:
  std::shared_ptr<candidate> the_candidate() const;
  void start(const candidate&, const term&);
  void returned(std::exception_ptr);

  const std::weak_ptr<endpoint> candidate_;
  const leader_task task_;
  const lead_options options_;
  const std::shared_ptr<pending<error_code>> done_;
  std::optional<user_run> running_;
  clock::time_point lease_end_{};
  bool stopping_ = false;
  bool abandoned_ = false;
  std::optional<error_code> end_;
  std::chrono::milliseconds back_off_;
};

}  // namespace neli::shell
