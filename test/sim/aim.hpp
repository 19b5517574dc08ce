// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/agenda.hpp"
#include "sim/dice.hpp"

#include <functional>
#include <string>

namespace neli::sim {

/// Faults at the moments when they matter. At random times they seldom meet the few milliseconds in
/// which something is decided. So interesting moments call `at`, which draws whether faults happen
/// there: a few within milliseconds, while the network is at its worst.
class aim {
 public:
  aim(sim::agenda& a, sim::dice& d, double how_often)
      : agenda_{a}, dice_{d}, how_often_{how_often} {}

  /// An interesting moment of the process of that name, or, without a name, of all processes.
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
