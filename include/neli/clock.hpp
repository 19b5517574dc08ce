// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/detail/api.hpp>

#include <chrono>

namespace neli {

/// The clock that leases are measured with.
///
/// It never goes back, does not move when the time of day is set, and, where the platform has such
/// a clock (`CLOCK_BOOTTIME` on Linux), goes on while the machine is suspended: a leader that slept
/// through its lease knows so at its first question. A hypervisor's pause, a restored snapshot and
/// CRIU can make it stand still: docs/guarantees.md. Its values mean nothing on another machine.
///
/// Thread safety: `now()` may be called from any thread.
struct NELI_API clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<clock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept;
};

}  // namespace neli
