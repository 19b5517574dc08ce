// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/clock.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

namespace neli::core {

using std::chrono::milliseconds;

using instant = clock::time_point;  ///< local time, never compared between machines
using span = clock::duration;
using token = std::uint64_t;   ///< a term's number, the fencing token; 0 is no term
using offset = std::int64_t;   ///< a record's place in the ledger
using ticket = std::uint64_t;  ///< names one append until its outcome is known

inline constexpr offset before_first = -1;
inline constexpr instant never = instant::max();

/// Both clocks, read once per step. The wall clock only ever raises a term's number.
struct moment {
  instant now;
  std::uint64_t wall_ms = 0;
};

}  // namespace neli::core
