// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/clock.hpp>

#include <functional>

namespace neli {

/// The time as a session or a store sees it, and one alarm.
class time_source {
 public:
  virtual ~time_source() = default;

  /// From any thread.
  virtual clock::time_point now() const noexcept = 0;

  /// Calls back once, on the strand, at that time or a little later. Replaces what was asked
  /// before.
  virtual void wake_at(clock::time_point, std::function<void()>) = 0;
  virtual void stop() = 0;
};

}  // namespace neli
