// SPDX-License-Identifier: BSL-1.0
#include "sim/machine.hpp"

#include <algorithm>
#include <cmath>

namespace neli::sim {

namespace {

/// For half of the machines one of the extreme rates that are allowed, for the others a rate in
/// between.
double draw_rate(dice& d, double most) {
  if (d.chance(0.5)) return d.chance(0.5) ? 1 : 1 + most;
  return 1 + most * d.uniform();
}

}  // namespace

struct machine::timer {
  std::function<void()> what;
  real suspended_for;  ///< the machine's suspensions until then, when the timer was set
};

machine::machine(surroundings& s, std::string name)
    : around_{s},
      name_{std::move(name)},
      rate_{draw_rate(s.dice, s.plan.assumptions.rates_apart)},
      offset_{s.dice.between(0s, 1000s)},
      context_{std::make_unique<asio::io_context>(1)} {}

// --- clocks ---

core::instant machine::now() const {
  const auto since = static_cast<double>(around_.agenda.now().count());
  return core::instant{offset_ + real{static_cast<real::rep>(since * rate_)}};
}

real machine::when(core::instant i) const {
  const auto since = static_cast<double>((i.time_since_epoch() - offset_).count());
  return real{static_cast<real::rep>(std::ceil(since / rate_))};
}

// --- turns ---

void machine::turn_at(real when) {
  when = std::max(when, paused_until_);
  if (dead_ || running_ || (turn_at_ && *turn_at_ <= when)) return;
  turn_at_ = when;
  around_.agenda.at(when, [this, when] {
    if (turn_at_ != when) return;
    turn_at_.reset();
    turn();
  });
}

void machine::turn() {
  if (dead_ || running_) return;
  if (paused()) return turn_at(paused_until_);
  running_ = true;
  context_->restart();
  while (!paused() && !dead_ && !around_.agenda.stopped() && step()) {
    look();
    if (around_.strikes(around_.plan.faults.stall))
      pause(around_.dice.between(0s, 3 * lease), around_.dice.chance(0.5));
  }
  running_ = false;
  if (dead_) return bury();
  if (paused()) turn_at(paused_until_);
}

bool machine::step() {
  stepping_ = true;
  const bool any = context_->poll_one() > 0;
  stepping_ = false;
  around_.steps += any;
  return any;
}

void machine::point() {
  if (!stepping_ || dead_ || paused() || around_.asking) return;
  if (!around_.strikes(around_.plan.faults.preempt)) return;
  look();
  pause(around_.dice.between(0s, 3 * lease), around_.dice.chance(0.5));
  // Other machines that are held up at such a point meanwhile have to go on first.
  held_up_ = true;
  around_.agenda.run_until(paused_until_);
  held_up_ = false;
  paused_until_ = std::max(paused_until_, around_.agenda.now());
}

void machine::after(real wait, std::function<void()> what) {
  if (dead_) return;
  const auto made = std::make_shared<timer>(std::move(what), suspended_for_);
  timers_.insert(made);
  arm(made, wait);
}

void machine::arm(const std::shared_ptr<timer>& t, real wait) {
  around_.agenda.after(wait, [this, weak = std::weak_ptr{t}] {
    const auto self = weak.lock();
    if (!self) return;
    const auto missed = suspended_for_ - std::exchange(self->suspended_for, suspended_for_);
    if (missed > 0s) return arm(self, missed);
    timers_.erase(self);
    post(std::move(self->what));
  });
}

// --- faults ---

void machine::pause(real d, bool frozen) {
  if (dead_) return;
  const auto until = around_.agenda.now() + d;
  if (around_.out)
    say((frozen ? "is frozen for " : "gets no turn for ") + std::to_string(d / 1ms) + " ms");
  ++around_.pauses;
  paused_until_ = std::max(paused_until_, until);
  if (frozen) frozen_until_ = std::max(frozen_until_, until);
}

void machine::suspend(real d) {
  pause(d, true);
  suspended_for_ += d;
}

void machine::die(std::function<void()> what_runs) {
  if (std::exchange(dead_, true)) return;
  what_runs_ = std::move(what_runs);
  // Within a step the process is still on the stack.
  if (!running_) bury();
}

void machine::bury() {
  what_runs_();
  timers_.clear();
  context_.reset();
}

// --- the alarm ---

void alarm::set(core::instant due, std::function<void()> what) {
  state_->due = due;
  state_->what = std::move(what);
  if (due < state_->rings) arm(machine_, state_);
}

void alarm::stop() { set(core::never, {}); }

void alarm::arm(machine& m, const std::shared_ptr<state>& s) {
  const auto rings = s->rings = s->due;
  m.after(std::max(m.when(rings) - m.around().agenda.now(), real{1}),
          [&m, rings, weak = std::weak_ptr{s}] {
            const auto self = weak.lock();
            if (!self || self->rings != rings) return;
            self->rings = core::never;
            if (self->due == core::never) return;
            if (m.now() < self->due) return arm(m, self);
            std::exchange(self->due, core::never);
            // The function may set the alarm anew.
            if (const auto what = std::exchange(self->what, {})) what();
          });
}

}  // namespace neli::sim
