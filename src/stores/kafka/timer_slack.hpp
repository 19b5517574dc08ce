// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace neli::stores::kafka {

/// While it exists, the timers of threads that this thread makes may be late by a millisecond.
///
/// librdkafka's main thread sleeps for whole milliseconds and spins through the rest until its next
/// timer, hundreds of microseconds each time: half of what an idle client costs. If it wakes a
/// millisecond late, there is nothing left to spin through. Sockets wake it as promptly as before.
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
