// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/types.hpp"
#include "sim/surroundings.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace neli::sim {

namespace asio = boost::asio;

/// What one process runs on: its clocks, and the one thread that gives it turns. In a pause it gets
/// no turn, also in the midst of a step, while other threads go on and may ask it questions.
class machine {
 public:
  machine(surroundings&, std::string name);

  const std::string& name() const { return name_; }
  surroundings& around() const { return around_; }
  void say(const std::string& what) const { around_.say(name_, what); }

  // --- its clocks ---

  core::instant now() const;
  /// When this clock will show that time.
  real when(core::instant) const;
  /// What this clock showed when the world began.
  core::instant zero() const { return core::instant{offset_}; }

  // --- its turns ---

  asio::io_context& context() { return *context_; }
  /// Runs it as soon as the machine has a turn.
  template <class F>
  void post(F f) {
    if (dead_) return;
    asio::post(*context_, std::move(f));
    turn_at(around_.agenda.now());
  }
  asio::io_context::executor_type executor() { return context_->get_executor(); }
  /// The same after that wait, which stands still while the machine is suspended.
  void after(real wait, std::function<void()>);
  /// A point within a step at which others may run first.
  void point();

  // --- its faults ---

  /// With `frozen` the whole process stands still, and not only its own thread.
  void pause(real, bool frozen);
  /// A pause of the whole machine: its timers stand still too.
  void suspend(real);
  bool paused() const { return around_.agenda.now() < paused_until_; }
  bool frozen() const { return around_.agenda.now() < frozen_until_; }
  real frozen_until() const { return frozen_until_; }
  /// Whether it has not been paused since then.
  bool in_time_since(real t) const { return !held_up_ && paused_until_ < t; }
  /// The process dies: `what_runs` destroys what runs here, at once or when the present step is
  /// over.
  void die(std::function<void()> what_runs);
  bool dead() const { return dead_; }

  /// Whether it is in the midst of a step.
  bool in_a_step() const { return stepping_; }
  bool idle() const { return context_->stopped() && timers_.empty(); }

  /// Called after each step, and before others run in the midst of a step.
  std::function<void()> look = [] {};

 private:
  struct timer;

  void turn_at(real);
  void turn();
  bool step();
  void arm(const std::shared_ptr<timer>&, real wait);
  void bury();

  surroundings& around_;
  const std::string name_;
  const double rate_;
  const real offset_;
  std::unique_ptr<asio::io_context> context_;
  std::set<std::shared_ptr<timer>> timers_;
  std::optional<real> turn_at_;
  real paused_until_{-1};
  real frozen_until_{-1};
  real suspended_for_{};
  bool running_ = false;
  bool stepping_ = false;
  bool held_up_ = false;  ///< in the midst of a step
  bool dead_ = false;
  std::function<void()> what_runs_;
};

/// One alarm of a machine, by its clock.
class alarm {
 public:
  explicit alarm(machine& m) : machine_{m} {}
  alarm(const alarm&) = delete;
  ~alarm() { stop(); }

  /// Replaces what was asked before.
  void set(core::instant, std::function<void()>);
  void stop();

 private:
  struct state {
    core::instant due = core::never;
    std::function<void()> what;
    core::instant rings = core::never;  ///< the next time to look
  };

  static void arm(machine&, const std::shared_ptr<state>&);

  machine& machine_;
  std::shared_ptr<state> state_ = std::make_shared<state>();
};

}  // namespace neli::sim
