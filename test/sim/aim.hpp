// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/agenda.hpp"
#include "sim/dice.hpp"

#include <functional>
#include <string>

namespace neli::sim {

/// Faults at the moments when they matter. At random times they seldom meet those few milliseconds
/// in which something is decided; so whatever is interesting calls `at`, and it is drawn whether
/// something goes wrong there: a few faults within milliseconds, while the network is at its worst.
class aim {
 public:
  aim(sim::agenda& a, sim::dice& d, double how_often)
      : agenda_{a}, dice_{d}, how_often_{how_often} {}

  /// Something begins at the process of that name, or, without one, for all.
  void at(const std::string& who);
  /// How many times more probable than usual other faults are now.
  double weight() const;

  /// Lets one fault happen, at that process or near it.
  std::function<void(const std::string& who)> strike = [](const auto&) {};

 private:
  sim::agenda& agenda_;
  sim::dice& dice_;
  const double how_often_;
  real burst_until_{-1};
};

}  // namespace neli::sim
