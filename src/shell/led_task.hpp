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

/// Runs a task for as long as its role is led: what `candidate::lead()` has begun. All on the
/// session's strand but the task itself, which runs on the user's.
class led_task : public std::enable_shared_from_this<led_task> {
 public:
  /// The options are complete. `done` completes when the task is over for good.
  led_task(candidate&, leader_task, lead_options, std::shared_ptr<pending<error_code>> done);

  /// The role is led; again whenever its lease has grown.
  void leads(const term&);
  /// It is not, or not for much longer: the task is cancelled.
  void stop();
  /// The task is not started again; once it has ended, why is told.
  void end(error_code);

  bool runs() const { return running_.has_value(); }
  bool ended() const { return end_.has_value(); }
  /// When to stop it unless the lease grows.
  clock::time_point stop_at() const;
  /// Its end, if it runs, is waited for no longer.
  void abandon() { abandoned_ = runs(); }
  /// Whether its end is to be waited for.
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
