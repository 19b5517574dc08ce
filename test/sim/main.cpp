// SPDX-License-Identifier: BSL-1.0
#include "sim/world.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

using namespace neli;

namespace {

struct options {
  std::uint64_t seed = 1;
  std::uint64_t count = 100;
  std::string arbitration = "mixed";
  double recreate = 0;
  bool transcript = false;
};

sim::plan plan_of(const options& o, std::uint64_t seed) {
  sim::plan p;
  p.seed = seed;
  p.mixed = o.arbitration == "mixed";
  p.arbitration = o.arbitration == "group" ? neli::arbitration::group : neli::arbitration::ledger;
  p.faults.recreate = o.recreate;
  return p;
}

std::string rerun(const options& o, std::uint64_t seed) {
  return "neli_sim --arbitration " + o.arbitration + " --recreate " + std::to_string(o.recreate) +
         " --seed " + std::to_string(seed) + " --count 1 --transcript";
}

int run(const options& o) {
  sim::report total;
  int violations = 0;
  for (auto seed = o.seed; seed < o.seed + o.count; ++seed) try {
      const auto r = sim::run(plan_of(o, seed), o.transcript ? &std::cout : nullptr);
      total.elections += r.elections;
      total.steps += r.steps;
      total.appends += r.appends;
      total.longest_gap_ms = std::max(total.longest_gap_ms, r.longest_gap_ms);
    } catch (const sim::violation& v) {
      ++violations;
      std::cout << "seed " << seed << ": " << v.what() << "\n  " << rerun(o, seed) << std::endl;
    }
  std::cout << o.arbitration << ": " << o.count << " seeds, " << total.elections << " elections, "
            << total.steps << " steps, " << total.appends
            << " appends; longest time without a leader once the faults had stopped: "
            << total.longest_gap_ms << " ms; " << violations << " violations\n";
  return violations == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Simulates elections in a world of faults, one world for each seed, and stops at the first\n"
      "broken promise of each. The same seed is the same world."};
  options o;
  app.add_option("--seed", o.seed, "The first")->capture_default_str();
  app.add_option("--count", o.count, "How many seeds")->capture_default_str();
  app.add_option("--arbitration", o.arbitration)
      ->check(CLI::IsMember({"group", "ledger", "mixed"}))
      ->capture_default_str();
  app.add_option("--recreate", o.recreate,
                 "How often the ledger is deleted and made anew, a second")
      ->capture_default_str();
  app.add_flag("--transcript", o.transcript, "Tell what happens");
  CLI11_PARSE(app, argc, argv);
  return run(o);
}
