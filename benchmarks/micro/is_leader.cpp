// SPDX-License-Identifier: BSL-1.0
// `is_leader()`, beside the two things that it needs.
#include "allocation_counter.hpp"
#include "leader.hpp"

#include <time.h>

#include <atomic>

namespace neli::benchmarks {

namespace {

void atomic_load(benchmark::State& state) {
  std::atomic<std::int64_t> value{1};
  for (auto _ : state) benchmark::DoNotOptimize(value.load(std::memory_order_acquire));
}
BENCHMARK(atomic_load);

void read_clock(benchmark::State& state) {
  for (auto _ : state) {
    timespec t;
    ::clock_gettime(CLOCK_BOOTTIME, &t);
    benchmark::DoNotOptimize(t);
  }
}
BENCHMARK(read_clock)->Name("clock_gettime(CLOCK_BOOTTIME)");

void is_leader(benchmark::State& state) {
  const auto& c = leader::instance().candidate();
  const allocation_counter counter{state};
  bool always = true;
  for (auto _ : state) always &= c.is_leader();
  if (!always) state.SkipWithError("it does not lead");
}
BENCHMARK(is_leader)->Name("is_leader()");

}  // namespace

}  // namespace neli::benchmarks
