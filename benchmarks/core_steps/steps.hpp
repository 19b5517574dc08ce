// SPDX-License-Identifier: BSL-1.0
// The steps that the core repeats, one at a time, without Kafka and without coroutines: their
// counts are the same on every machine.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace neli::benchmarks {

class step {
 public:
  virtual ~step() = default;
  /// Does all that has to happen before each run of the step.
  virtual void prepare() {}
  virtual void run() = 0;
};

struct kind_of_step {
  std::string_view name;
  std::function<std::unique_ptr<step>()> make;
};

const std::vector<kind_of_step>& kinds_of_steps();

/// The most calls of operator new in one of `count` runs. The first runs do not count, as they make
/// objects that stay.
std::uint64_t most_allocations(step&, int count);

}  // namespace neli::benchmarks

/// Runs the step. A function of its own, so that callgrind can count only what happens in it.
extern "C" void neli_measured_step(neli::benchmarks::step&);
