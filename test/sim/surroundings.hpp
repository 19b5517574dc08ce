// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/agenda.hpp"
#include "sim/aim.hpp"
#include "sim/annals.hpp"
#include "sim/checks.hpp"
#include "sim/dice.hpp"
#include "sim/meanings.hpp"
#include "sim/plan.hpp"
#include <neli/observer.hpp>

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>

namespace neli::sim {

/// What all processes of a world share.
struct surroundings {
  surroundings(const plan&, std::ostream* transcript);

  const sim::plan plan;
  sim::agenda agenda;
  sim::dice dice;
  sim::aim aim;
  sim::checks checks;
  sim::annals annals;
  sim::meanings meanings;
  std::ostream* const out;
  /// What guards are told: the newest claim of each role, by the candidate's id.
  std::map<std::string, std::map<std::string, core::token>> claimed;
  std::uint64_t steps = 0;
  std::uint64_t pauses = 0;
  bool asking = false;  ///< the world itself asks, from outside of any process's turns

  bool faulty() const { return agenda.now() < plan.faulty; }
  /// Draws whether a fault of that usual probability happens now.
  bool strikes(double probability) { return faulty() && dice.chance(probability * aim.weight()); }
  /// An interesting moment, at which faults are aimed: of that process or, without a name, of all
  /// processes.
  void take_aim(const std::string& who = {}) {
    if (faulty()) aim.at(who);
  }
  /// Writes one line of the transcript. Check `out` first when the line is costly to make.
  void say(const std::string& who, const std::string& what);
  /// Writes the trace of the process of that name; null if no trace is wanted.
  std::shared_ptr<observer> trace_of(const std::string& who) const;
};

}  // namespace neli::sim
