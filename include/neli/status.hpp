// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/clock.hpp>
#include <neli/detail/api.hpp>
#include <neli/event.hpp>
#include <neli/hindrance.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace neli {

/// Where a candidate, a follower or a session is in its life.
enum class candidate_state {
  live,     ///< it contends
  closing,  ///< `close()` was called, or an error is ending it
  closed,
};

NELI_API std::string_view to_string(candidate_state) noexcept;

/// When heartbeats go out, see `candidate::heartbeats()`.
struct heartbeat_times {
  std::optional<clock::time_point> last;  ///< none: none was sent yet
  std::optional<clock::time_point> next;  ///< none: there is nothing to say
  /// From sending the newest one that came back until it was read; none: none came back yet.
  std::optional<clock::duration> round_trip;

  friend bool operator==(const heartbeat_times&, const heartbeat_times&) = default;
};

/// How a session is: a copy, as it stood when it was asked.
struct session_status {
  candidate_state state = candidate_state::live;
  heartbeat_times heartbeats;
  /// Since when the ledger has not been read to its end; none: it has.
  std::optional<clock::time_point> behind_since;
  /// What its store cannot do at present, the oldest of it; without a code: it is well.
  neli::trouble trouble;
};

/// How a candidate is, and why it does not lead if it does not.
struct status : session_status {
  neli::hindrance hindrance = neli::hindrance::not_synced;
  /// The fencing token of the term that it leads; zero: it does not lead.
  std::uint64_t token = 0;
  /// How much of the lease is left; zero: it does not lead.
  clock::duration lease_left{};
};

}  // namespace neli
