// SPDX-License-Identifier: BSL-1.0
// A cluster in one process and from one seed: candidates and followers, each on a machine of its
// own, a ledger, a consumer group, clocks that drift, and everything that can go wrong with them.
#pragma once

#include "sim/plan.hpp"

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <stdexcept>

namespace neli::sim {

/// A promise was broken. The text says which promise, when, and by which process.
struct violation : std::runtime_error {
  using runtime_error::runtime_error;
};

struct report {
  std::uint64_t elections = 0;  ///< terms led
  std::uint64_t steps = 0;
  std::uint64_t pauses = 0;
  std::uint64_t crashes = 0;
  std::uint64_t proved_deaths = 0;  ///< crashes after which a guard released
  std::chrono::nanoseconds simulated{};
  std::chrono::nanoseconds
      longest_gap{};  ///< the longest time without a leader while there were no faults
  // Within a second, by one process:
  std::size_t most_claims = 0;
  std::size_t most_records = 0;
};

/// Runs the plan; throws `violation`. Writes what happens to `transcript` if there is one.
report run(const plan&, std::ostream* transcript = nullptr);

}  // namespace neli::sim
