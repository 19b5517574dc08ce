// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "allocations.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>

namespace neli::benchmarks {

/// Reports the allocations of an iteration, counted since this object was made.
class allocation_counter {
 public:
  explicit allocation_counter(benchmark::State& s) : state_{s} {}
  ~allocation_counter() {
    state_.counters["allocations"] = benchmark::Counter(
        static_cast<double>(allocations() - before_), benchmark::Counter::kAvgIterations);
  }
  allocation_counter(const allocation_counter&) = delete;

 private:
  benchmark::State& state_;
  const std::uint64_t before_ = allocations();
};

}  // namespace neli::benchmarks
