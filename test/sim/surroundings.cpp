// SPDX-License-Identifier: BSL-1.0
#include "sim/surroundings.hpp"

#include "trace_to.hpp"

#include <iomanip>
#include <ostream>

namespace neli::sim {

surroundings::surroundings(const sim::plan& p, std::ostream* transcript)
    : plan{p},
      dice{p.seed},
      aim{agenda, dice, p.faults.aimed},
      checks{[this](const std::string& what) {
        say("!!!", what);
        agenda.stop();
      }},
      out{transcript} {}

void surroundings::say(const std::string& who, const std::string& what) {
  if (!out) return;
  const auto us = agenda.now().count() / 1000;
  *out << std::setw(7) << us / 1000 << '.' << std::setfill('0') << std::setw(3) << us % 1000
       << std::setfill(' ') << " ms  " << std::left << std::setw(6) << who << std::right << ' '
       << what << '\n';
}

std::shared_ptr<observer> surroundings::trace_of(const std::string& who) const {
  if (plan.traces.empty()) return {};
  return make_tracer(tools::trace_to((plan.traces / (who + ".jsonl")).string()));
}

}  // namespace neli::sim
