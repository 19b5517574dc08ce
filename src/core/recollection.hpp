// SPDX-License-Identifier: BSL-1.0
// What a reader has read last, by which it knows which log it reads. Not every store can name its
// log, but two logs hold different records at the same offset.
#pragma once

#include "core/types.hpp"

#include <array>
#include <cstddef>

namespace neli::core {

/// What the author of a record had read last, compared with what this reader has read at that
/// offset.
enum class basis {
  same,    ///< the same record: both read the same log
  other,   ///< another record: one of the two is in a log that was deleted and made anew
  unread,  ///< this reader has not read it, or no longer remembers it
  untold,  ///< the author does not say
};

/// The fingerprints of the last records read, by offset.
class recollection {
 public:
  /// Notes what stands there. False: something else stood there before.
  bool note(offset, fingerprint);
  basis compare(offset based_on, fingerprint seen) const;
  void forget() { places_ = {}; }

  static constexpr std::size_t capacity = 1024;

 private:
  struct place {
    offset at = before_first;
    fingerprint what = 0;
  };

  static std::size_t index(offset at) { return static_cast<std::size_t>(at) % capacity; }

  std::array<place, capacity> places_;
};

}  // namespace neli::core
