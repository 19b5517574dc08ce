// SPDX-License-Identifier: BSL-1.0
// What a process prints of itself, one line per fact: `<ns> <name> <WHAT> [detail]`, with
// nanoseconds of the machine's monotonic clock, so that the lines of several processes can be
// put in order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace neli::tools {

/// The time of the machine's monotonic clock.
std::int64_t now_ns();

class facts {
 public:
  explicit facts(std::string name) : name_{std::move(name)} {}

  /// One write per line, from any thread.
  void print(std::string_view what, std::string_view detail = {}) const;

 private:
  std::string name_;
};

}  // namespace neli::tools
