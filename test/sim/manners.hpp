// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/surroundings.hpp"

namespace neli::sim {

/// How a barrier or a task behaves.
struct manners {
  real takes{};
  bool deaf = false;  ///< does not heed its cancellation
  bool throws = false;
};

inline manners draw_manners(surroundings& s) {
  const auto& f = s.plan.faults;
  manners m{s.dice.between(0s, 20ms), false, s.strikes(f.throwing_barrier)};
  if (!s.strikes(f.slow_barrier)) return m;
  m.takes = s.dice.between(0s, 3 * barrier_timeout);
  m.deaf = s.strikes(f.deaf_barrier);
  return m;
}

}  // namespace neli::sim
