// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace neli::stores::kafka {

/// While it exists, threads that this one makes inherit that their timers may be late by a
/// millisecond.
///
/// librdkafka's main thread sleeps for whole milliseconds and spins through what is left until its
/// next timer, hundreds of microseconds for each: half of what an idle client costs. Waking a
/// millisecond late, it has nothing left to spin through. Sockets wake it as promptly as ever.
class timer_slack {
 public:
  timer_slack() noexcept;
  ~timer_slack();
  timer_slack(const timer_slack&) = delete;
  timer_slack& operator=(const timer_slack&) = delete;

 private:
  int before_;
};

}  // namespace neli::stores::kafka
