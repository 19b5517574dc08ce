// SPDX-License-Identifier: BSL-1.0
#include "sim/plan.hpp"

#include "sim/dice.hpp"

#include <initializer_list>

namespace neli::sim {

namespace {

/// Half of the faults do not happen at all, the others up to three times as often.
void vary(dice& d, std::initializer_list<double*> which) {
  for (auto* rate : which) *rate *= d.chance(0.5) ? 3 * d.uniform() : 0;
}

}  // namespace

plan draw(std::uint64_t seed, make m, rule r, keeper k) {
  plan p;
  p.seed = seed;
  p.make = m;
  p.rule = r;
  p.keeper = k;
  dice d{seed};
  p.candidates = 2 + d.below(4);
  p.followers = d.below(3);
  for (auto n = d.below(3); n > 0; --n) p.roles.push_back("role" + std::to_string(n));
  p.short_tails = d.chance(0.5);
  p.ledger_has_a_name = d.chance(0.5);
  auto& f = p.faults;
  vary(d, {&f.pause,       &f.crash,        &f.suspend,      &f.resign,
           &f.close,       &f.destroy,      &f.fiddle,       &f.stall,
           &f.preempt,     &f.slow_barrier, &f.deaf_barrier, &f.throwing_barrier,
           &f.lose_append, &f.lose_ack,     &f.duplicate,    &f.overtaken,
           &f.slow_append, &f.slow_read,    &f.cut_off,      &f.truncate,
           &f.recreate,    &f.noise,        &f.rebalance,    &f.late_loss,
           &f.aimed,       &f.lose_place,   &f.other_clock,  &f.restore,
           &f.stale_hint,  &f.deaf});
  // When a ledger is made anew, only its time tells of earlier terms, so the clocks must agree
  // then.
  if (f.recreate > 0) f.other_clock = 0;
  // By dice of their own: worlds without guards are as they were.
  dice guards{~seed};
  if (k == keeper::log && guards.chance(0.5)) p.guarded = guards.uniform();
  return p;
}

}  // namespace neli::sim
