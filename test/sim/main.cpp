// SPDX-License-Identifier: BSL-1.0
#include "sim/world.hpp"

#include <iostream>

int main(int argc, char** argv) {
  using namespace neli;
  std::uint64_t from = argc > 1 ? std::stoull(argv[1]) : 1,
                count = argc > 2 ? std::stoull(argv[2]) : 100;
  std::string mode = argc > 3 ? argv[3] : "ledger";
  double recreate = argc > 4 ? std::stod(argv[4]) : 0;
  bool verbose = argc > 5;
  sim::report total;
  int bad = 0;
  for (auto seed = from; seed < from + count; ++seed) {
    sim::plan p;
    p.seed = seed;
    p.arbitration = mode == "group" ? core::arbitration::group : core::arbitration::ledger;
    p.mixed = mode == "mixed";
    p.faults.recreate = recreate;
    try {
      const auto r = sim::run(p, verbose ? &std::cout : nullptr);
      total.elections += r.elections, total.steps += r.steps, total.appends += r.appends;
      total.longest_gap_ms = std::max(total.longest_gap_ms, r.longest_gap_ms);
    } catch (const sim::violation& v) {
      ++bad;
      if (bad < 10) std::cout << "seed " << seed << ": " << v.what() << std::endl;
    }
  }
  std::cout << mode << ": " << total.elections << " elections, " << total.steps << " steps, "
            << total.appends << " appends, longest gap without faults " << total.longest_gap_ms
            << " ms, " << bad << " violations\n";
}
