// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/agenda.hpp"
#include "sim/aim.hpp"
#include "sim/annals.hpp"
#include "sim/checks.hpp"
#include "sim/dice.hpp"
#include "sim/plan.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace neli::sim {

/// What all in a world share.
struct surroundings {
  surroundings(const plan&, std::ostream* transcript);

  const sim::plan plan;
  sim::agenda agenda;
  sim::dice dice;
  sim::aim aim;
  sim::checks checks;
  sim::annals annals;
  std::ostream* const out;
  std::uint64_t steps = 0;
  bool asking = false;  ///< somebody from outside, who takes no turn of anybody's

  bool faulty() const { return agenda.now() < plan.faulty; }
  /// Whether a fault happens now that usually has that probability.
  bool strikes(double probability) { return faulty() && dice.chance(probability * aim.weight()); }
  /// Something begins that faults are aimed at, at that process or, without one, at all.
  void take_aim(const std::string& who = {}) {
    if (faulty()) aim.at(who);
  }
  /// One line of the transcript. Ask `out` before making one that costs something.
  void say(const std::string& who, const std::string& what);
  /// What a process of that name writes its trace with; empty if none is wanted.
  std::function<void(std::string_view)> trace_of(const std::string& who) const;
};

}  // namespace neli::sim
