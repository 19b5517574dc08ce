// SPDX-License-Identifier: BSL-1.0
#include "harness/election_fixture.hpp"

#include <cstdlib>
#include <map>
#include <utility>

namespace neli::test {

int trials(int normally) {
  const char* wanted = std::getenv("NELI_TRIALS");
  return wanted ? std::stoi(wanted) : normally;
}

election_fixture::election_fixture(std::vector<std::string> subcommand)
    : candidates{std::move(subcommand)} {}

tools::fact election_fixture::start_a_then_b(const std::vector<std::string>& options_of_a,
                                             const std::vector<std::string>& options_of_b) {
  candidates.start("a", options_of_a);
  auto lead = candidates.leader();
  candidates.start("b", options_of_b);
  candidates.expect_of("b", "LEADER");
  return lead;
}

tools::fact election_fixture::another_than(const std::string& name) {
  std::map<std::string, tools::fact> led;
  until([&] {
    led = candidates.leaders();
    return !led.empty() && led.begin()->second.name != name;
  });
  return led.begin()->second;
}

std::string election_fixture::why_fenced(const tools::fact& lead) {
  std::string why;
  until([&] {
    for (const auto& f : candidates.said())
      if (f.what == "FENCED" && f.name == lead.name && f.number() == lead.number()) why = f.detail;
    return !why.empty();
  });
  return why;
}

}  // namespace neli::test
