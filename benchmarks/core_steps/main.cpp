// SPDX-License-Identifier: BSL-1.0
// Repeats steps of the core, so that benchmarks/instructions.py can count their instructions.
#include "core_steps/steps.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <iostream>
#include <string>

namespace json = boost::json;
using namespace neli::benchmarks;

int main(int argc, char** argv) {
  CLI::App app{
      "Repeats steps of the core and prints, as JSON, how often each calls operator new.\n"
      "callgrind is to count within the function neli_measured_step."};
  std::string only;
  int count = 1000;
  app.add_option("--step", only, "This one alone");
  app.add_option("--count", count, "How often [1000]")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  json::object result;
  for (const auto& kind : kinds_of_steps()) {
    if (!only.empty() && only != kind.name) continue;
    const auto s = kind.make();
    result[kind.name] = {{"allocations", most_allocations(*s, count)}};
  }
  if (result.empty()) {
    std::cerr << "there is no step '" << only << "'\n";
    return 2;
  }
  std::cout << json::serialize(result) << "\n";
}
