// SPDX-License-Identifier: BSL-1.0
#include <neli/clock.hpp>

#include <time.h>

namespace neli {

clock::time_point clock::now() noexcept {
#ifdef CLOCK_BOOTTIME
  // Goes on while the machine is suspended, which the portable clock need not do.
  timespec t{};
  ::clock_gettime(CLOCK_BOOTTIME, &t);
  return time_point{std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec}};
#else
  return time_point{std::chrono::steady_clock::now().time_since_epoch()};
#endif
}

}  // namespace neli
