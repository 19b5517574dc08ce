// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>

namespace neli::chaos {

/// A process's part in an election, of any implementation.
class elector {
 public:
  elector() = default;
  virtual ~elector() = default;
  elector(const elector&) = delete;
  elector& operator=(const elector&) = delete;

  /// The token to act with, if it leads at this moment; 0 if it stopped leading before it could
  /// tell the token. Any thread may ask.
  virtual std::optional<std::uint64_t> leads() const = 0;

  /// Hands over in order, and returns when that is done.
  virtual void leave() = 0;
};

}  // namespace neli::chaos
