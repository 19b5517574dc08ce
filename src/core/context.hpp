// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/action.hpp"
#include "core/log_clock.hpp"
#include "core/settings.hpp"

#include <map>
#include <string>
#include <utility>

namespace neli::core {

/// What the candidates of one participant share during a step.
struct context {
  context(core::settings s, identity who) : settings{s}, self{std::move(who)} {}

  core::settings settings;
  identity self;
  instant now;                       ///< of the step under way
  bool at_end = false;               ///< everything in the ledger has been read
  offset read_up_to = before_first;  ///< the last offset read
  fingerprint seen = 0;              ///< what stands there
  log_clock log_time{settings.rho};
  /// Whether that is later than all records that the log may have held and forgotten.
  bool log_time_is_new = false;
  ticket last_ticket = 0;
  std::map<ticket, std::string> awaited;  ///< appends whose outcome a role waits for
  // These outlive a candidate, as its records and its work may.
  std::map<std::string, token> highest;  ///< term of each role ever seen or claimed
  /// Until then a lost lease protects work that goes on and that nothing has waited for.
  std::map<std::string, instant> unattended_until;
  std::uint64_t last_barrier = 0;
  actions out;

  template <class Action>
  void act(Action a) {
    out.emplace_back(std::move(a));
  }

  ticket append(record r) {
    act(action::append{++last_ticket, std::move(r)});
    return last_ticket;
  }

  ticket append_for(const std::string& role, record r) {
    awaited.emplace(append(std::move(r)), role);
    return last_ticket;
  }

  author signature() const { return {self.id, self.name, self.metadata, settings.lease}; }

  /// Uniform in [0, most], from the seed that was handed in (splitmix64).
  span random_up_to(milliseconds most) {
    auto z = self.seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    const auto ns = static_cast<std::uint64_t>(span{most}.count());
    return span{static_cast<span::rep>(z % (ns + 1))};
  }
};

}  // namespace neli::core
