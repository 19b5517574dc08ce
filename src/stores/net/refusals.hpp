// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/system/error_code.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace neli::stores::net {

/// A server may refuse for a moment what it allows soon after: rights were granted just now, a
/// password is being changed. So a refusal is trouble first. When nothing else has been heard for
/// long enough, it ends candidates.
class refusals {
 public:
  /// How long is long enough, as over Kafka.
  static std::chrono::milliseconds patience_at(std::chrono::milliseconds lease);

  explicit refusals(std::chrono::milliseconds patience) : patience_{patience} {}

  /// Something else was heard.
  void over() { since_.reset(); }
  /// One was heard. Whether it ends candidates.
  bool last();
  /// Throws: trouble with this code, or `error` with the final one. Both keep the text.
  [[noreturn]] void refused(boost::system::error_code code, boost::system::error_code final_code,
                            const std::string& text);

 private:
  std::chrono::milliseconds patience_;
  std::optional<std::chrono::steady_clock::time_point> since_;
};

}  // namespace neli::stores::net
