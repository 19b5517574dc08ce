// SPDX-License-Identifier: BSL-1.0
// A cluster in one process and one seed: the real core of every candidate and follower, a ledger,
// a consumer group, clocks that drift, and everything that can go wrong with them.
#pragma once

#include "core/participant.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace neli::sim {

using core::milliseconds;
using core::span;

/// What may happen, as probabilities per opportunity or mean numbers per simulated second.
struct faults {
  double pause = 0.05;        ///< per candidate and second: stop for up to three leases
  double crash = 0.02;        ///< per candidate and second: die, come back as another
  double close = 0.02;        ///< per candidate and second: leave in order, come back as another
  double resign = 0.02;       ///< per candidate and second
  double lose_append = 0.01;  ///< an append never arrives
  double lose_ack = 0.01;     ///< an append arrives, and its author is told that it failed
  double duplicate = 0.005;   ///< an append arrives twice
  double overtaken = 0.01;  ///< a producer is made anew: what it had sent arrives after later ones
  double slow_append = 0.02;   ///< it takes up to two leases
  double slow_read = 0.02;     ///< records reach a reader up to two leases late
  double slow_barrier = 0.05;  ///< a barrier takes longer than it may
  double deaf_barrier = 0.01;  ///< and does not heed its cancellation
  double truncate = 0.005;     ///< per second: old records vanish
  double recreate = 0.0;       ///< per second: the ledger is made anew, empty
  double rebalance = 0.05;     ///< per second: the group moves the role
  double late_loss = 0.3;      ///< a member thrown out of the group learns it late
  double clock_jump = 0.02;    ///< per second: a wall clock is set to something else
  double noise = 1.0;          ///< per second: a foreign record
};

struct plan {
  std::uint64_t seed = 1;
  int candidates = 4;
  int followers = 1;
  neli::arbitration arbitration = neli::arbitration::ledger;
  bool mixed = false;  ///< every candidate draws its arbitration
  std::chrono::seconds faulty{120};
  std::chrono::seconds quiet{20};
  double drift = 0.01;
  sim::faults faults;
};

/// A promise was broken. The text says which, when and by whom.
struct violation : std::runtime_error {
  using runtime_error::runtime_error;
};

struct report {
  std::uint64_t elections = 0;  ///< terms led
  std::uint64_t steps = 0;
  std::uint64_t appends = 0;
  std::int64_t longest_gap_ms = 0;  ///< without a leader, while there were no faults
};

/// Runs the plan; throws `violation`. Writes what happens to `transcript` if there is one.
report run(const plan&, std::ostream* transcript = nullptr);

}  // namespace neli::sim
