// SPDX-License-Identifier: BSL-1.0
// Lease arithmetic: a leader stops early, and a candidate that waits for the lease's end waits
// long.
#pragma once

#include "core/types.hpp"

namespace neli::core {

/// How far two machines' clock rates may be apart, in parts per million of relative error.
struct drift {
  std::uint32_t ppm = 10'000;
};

/// A leader may act before this instant, by the heartbeat that it sent at `sent`.
constexpr instant lease_end(instant sent, milliseconds lease) { return sent + lease; }

/// A reader has read at `read` of a lease. This is the first instant at which it may assume that
/// the lease has passed: strictly more than `lease * (1 + 2 rho)` later. Safe while the rates of
/// any two clocks are within a factor of `1 + 2 rho` of each other.
constexpr instant surely_over(instant read, milliseconds lease, drift rho) {
  const auto ns = std::chrono::duration_cast<span>(lease).count();
  constexpr span::rep million = 1'000'000;
  // Split so that the product fits for any lease, and rounded up.
  const auto margin =
      ns / million * 2 * rho.ppm + (ns % million * 2 * rho.ppm + million - 1) / million;
  return read + span{ns + margin + 1};
}

}  // namespace neli::core
