// SPDX-License-Identifier: BSL-1.0
// What candidates write to the ledger, and its JSON.
#pragma once

#include "core/types.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace neli::core {

/// Who wrote a record. The id is new for every incarnation of a process.
struct author {
  std::string id;
  std::string name;
  std::string metadata;
  milliseconds lease{};

  friend bool operator==(const author&, const author&) = default;
};

/// "I want to lead."
struct claim {
  std::string role;
  author by;
  token term = 0;
  offset based_on = before_first;  ///< the last offset the author had read when it sent this
  fingerprint seen = 0;            ///< what it had read there

  friend bool operator==(const claim&, const claim&) = default;
};

/// "I still hold these terms."
struct heartbeat {
  struct entry {
    std::string role;
    token term = 0;
    milliseconds wait{};  ///< how long older leases of the role may still run, as the author knows

    friend bool operator==(const entry&, const entry&) = default;
  };

  author by;
  std::uint64_t seq = 0;
  offset based_on = before_first;
  std::vector<entry> terms;
  std::vector<std::string>
      open{};  ///< roles of the author's by the group, which it leaves to others
  fingerprint seen = 0;

  friend bool operator==(const heartbeat&, const heartbeat&) = default;
};

/// "I have stopped; nobody needs to wait for my lease."
struct release {
  std::string role;
  std::string id;
  token term = 0;
  offset based_on = before_first;
  milliseconds wait{};  ///< as in a heartbeat
  fingerprint seen = 0;

  friend bool operator==(const release&, const release&) = default;
};

using record = std::variant<claim, heartbeat, release>;

/// Why a value in the ledger is not a record of ours. Readers count and skip it.
struct unreadable {
  enum class cause { too_large, malformed, unknown_version, unknown_kind };
  cause why{};
  std::string detail;
};

inline constexpr int record_version = 1;
inline constexpr std::size_t largest_record = 1'000'000;
inline constexpr std::size_t largest_text = 255;       ///< of an id, a role, a name
inline constexpr std::size_t largest_metadata = 4096;  ///< bytes
inline constexpr milliseconds longest_lease = std::chrono::hours{1};
inline constexpr milliseconds longest_wait = 2 * longest_lease;
inline constexpr token largest_term = (token{1} << 53) - 1;  ///< exact in every JSON reader
inline constexpr fingerprint largest_fingerprint = largest_term;

/// Tells records apart, by their bytes and by when the log took them. Not safe against an attacker.
fingerprint fingerprint_of(std::string_view value, stamp);
NELI_API std::string encode(const record&);
std::variant<record, unreadable> decode(std::string_view);

}  // namespace neli::core
