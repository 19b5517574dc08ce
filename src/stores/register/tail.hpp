// SPDX-License-Identifier: BSL-1.0
// The end of a log: what a register holds. Pure.
#pragma once

#include "core/types.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>

namespace neli::stores::registers {

struct entry {
  std::uint64_t author = 0;  ///< random, another for each ledger that appends
  std::uint64_t number = 0;  ///< counts the author's records
  core::stamp taken = 0;     ///< by the log's clock
  std::string value;

  bool operator==(const entry&) const = default;
};

/// A record's offset is its sequence number in the log.
struct tail {
  std::uint64_t log = 0;   ///< random, another for each log; 0: there is no log yet
  core::offset first = 0;  ///< of the first entry: those before it were forgotten
  std::deque<entry> entries;

  core::offset end() const { return first + static_cast<core::offset>(entries.size()); }
  bool has(core::offset o) const { return o >= first && o < end(); }
  const entry& at(core::offset o) const { return entries[static_cast<std::size_t>(o - first)]; }
  bool has(std::uint64_t author, std::uint64_t number) const;

  bool operator==(const tail&) const = default;
};

/// What another value of the register is to a reader that has read this tail to its end.
enum class relation {
  same,       ///< nothing new
  further,    ///< the same log, with more records
  behind,     ///< the same log before its last records were appended
  contrary,   ///< the same log's id, but another record where both have the last one
  other_log,  ///< another log, or none any more
};
relation compare(const tail& read, const tail& now);

/// A value that is no tail.
class not_a_tail : public std::runtime_error {
 public:
  using runtime_error::runtime_error;
};

/// Before compression: a bound for what a broken value costs its reader.
inline constexpr std::size_t largest_tail = std::size_t{64} * 1024 * 1024;

/// A header, and the rest compressed. Not for a tail without a log, nor for one that is too large.
std::string encode(const tail&);
/// Before compression.
std::size_t size_of(const tail&);
/// A tail without a log for no bytes. Throws `not_a_tail`, which says what is wrong.
tail decode(std::string_view);

}  // namespace neli::stores::registers
