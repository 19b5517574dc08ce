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
using stamp = std::uint64_t;   ///< when the log took a record, by the log's own clock; 0: not told
using fingerprint = std::uint64_t;  ///< of a record's bytes and stamp; 0: not told

inline constexpr stamp latest_stamp = stamp{1} << 52;  ///< leaves numbers for terms
inline constexpr offset before_first = -1;
inline constexpr instant never = instant::max();

}  // namespace neli::core
