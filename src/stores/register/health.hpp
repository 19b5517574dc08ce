// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/store.hpp"

#include <string>
#include <utility>

namespace neli::stores::registers {

/// Whether a part of a store works. The listener is told when that changes.
class health {
 public:
  health(std::string name, health_listener& l) : name_{std::move(name)}, listener_{l} {}

  void well(const std::string& as_far_as = {}) {
    if (std::exchange(troubled_, false))
      listener_.trouble(name_, {}, name_ + " works again" + as_far_as);
  }
  void bad(error_code code, const std::string& what) {
    if (!std::exchange(troubled_, true))
      listener_.trouble(name_, code, name_ + " does not work, trying again: " + what);
  }
  bool troubled() const { return troubled_; }

 private:
  const std::string name_;
  health_listener& listener_;
  bool troubled_ = false;
};

}  // namespace neli::stores::registers
