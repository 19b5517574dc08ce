// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/agenda.hpp"
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
  sim::checks checks;
  std::ostream* const out;
  std::uint64_t steps = 0;
  bool asking = false;  ///< somebody from outside, who takes no turn of anybody's

  bool faulty() const { return agenda.now() < plan.faulty; }
  /// Whether a fault of that probability happens now.
  bool strikes(double probability) { return faulty() && dice.chance(probability); }
  /// One line of the transcript. Ask `out` before making one that costs something.
  void say(const std::string& who, const std::string& what);
  /// What a process of that name writes its trace with; empty if none is wanted.
  std::function<void(std::string_view)> trace_of(const std::string& who) const;
};

}  // namespace neli::sim
