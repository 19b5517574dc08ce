// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/system/system_error.hpp>

#include <chrono>
#include <optional>

namespace neli::stores::zookeeper {

/// A server may refuse for a moment what it allows soon after: rights are being changed. So a
/// refusal is trouble first. When nothing was allowed for long enough, it is the last word.
class refusals {
 public:
  explicit refusals(std::chrono::milliseconds patience) : patience_{patience} {}

  void allowed() { since_.reset(); }
  /// Returns if this may be trouble that passes; throws `neli::error` if it is the last word.
  void failed(const boost::system::system_error&);

 private:
  const std::chrono::milliseconds patience_;
  std::optional<std::chrono::steady_clock::time_point> since_;
};

}  // namespace neli::stores::zookeeper
