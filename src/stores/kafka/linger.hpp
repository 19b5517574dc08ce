// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "strand.hpp"

#include <chrono>
#include <memory>

namespace neli::stores::kafka {

/// Something that is not needed any more, but may not be safe to destroy yet.
class reluctant {
 public:
  reluctant() = default;
  reluctant(const reluctant&) = delete;
  reluctant& operator=(const reluctant&) = delete;
  virtual ~reluctant() = default;

  /// Whether it is safe to destroy now; asked on the strand.
  virtual bool ready() = 0;
  /// It has taken too long: it is destroyed on the strand now, and must not wait for anything.
  virtual void give_up() {}
};

constexpr std::chrono::milliseconds a_long_time{30'000};

/// Destroys it as soon as it is ready. If that takes longer, destroys it when the execution context
/// ends, where its destructor may wait for a moment, or after `at_most`, where it must not wait.
void linger(std::unique_ptr<reluctant>, const strand&,
            std::chrono::milliseconds at_most = a_long_time);

}  // namespace neli::stores::kafka
