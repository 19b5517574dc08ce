// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/lease.hpp"

#include <algorithm>

namespace neli::core {

/// The log's time as a reader can tell it from the records. It may be behind; while clocks' rates
/// keep to the drift it is never ahead.
class log_clock {
 public:
  explicit log_clock(drift rho) : rho_{rho} {}

  void note(stamp taken, instant read) {
    if (taken <= at(read) || taken > latest_stamp) return;
    taken_ = taken;
    read_ = read;
  }
  /// 0 if no record has told it.
  stamp at(instant now) const {
    if (taken_ == 0) return 0;
    const auto since = std::max(now - read_, span{0}) / milliseconds{1};
    return taken_ + static_cast<stamp>(since * (1'000'000 - 2 * rho_.ppm) / 1'000'000);
  }

 private:
  drift rho_;
  stamp taken_ = 0;
  instant read_{};
};

}  // namespace neli::core
