// SPDX-License-Identifier: BSL-1.0
// What the core does again and again, one step at a time, with nothing of Kafka or of coroutines:
// what of it can be counted is the same on every machine.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace neli::benchmarks {

class step {
 public:
  virtual ~step() = default;
  /// All that has to happen before the step can, again.
  virtual void prepare() {}
  virtual void run() = 0;
};

struct kind_of_step {
  std::string_view name;
  std::function<std::unique_ptr<step>()> make;
};

const std::vector<kind_of_step>& kinds_of_steps();

/// Calls of operator new by a run, the most of that many; the first ones, which make what stays,
/// are not counted.
std::uint64_t most_allocations(step&, int count);

}  // namespace neli::benchmarks

/// Runs it. A function of its own, so that callgrind can be told to count what is within.
extern "C" void neli_measured_step(neli::benchmarks::step&);
