// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace neli::sim {

using real = std::chrono::nanoseconds;  ///< true time since a world's beginning

/// All chance in a world comes from one seed, and is the same on every platform.
class dice {
 public:
  explicit dice(std::uint64_t seed) : random_{seed} {}

  /// In [0, 1).
  double uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  bool chance(double p) { return p > 0 && uniform() < p; }
  real between(real least, real most) {
    return least +
           real{static_cast<real::rep>(uniform() * static_cast<double>((most - least).count()))};
  }
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  std::uint64_t seed() { return random_(); }

 private:
  std::mt19937_64 random_;
};

}  // namespace neli::sim
