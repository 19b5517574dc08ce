// SPDX-License-Identifier: BSL-1.0
// Reading an event that is ready.
#include "allocation_counter.hpp"
#include <neli/neli.hpp>
#include <neli/testing/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace neli::benchmarks {

namespace {

constexpr int batch = 50;  // fewer than the events that a stream holds

/// The coroutine exists all the time; events are made while neither time nor allocations are
/// counted.
asio::awaitable<void> read(benchmark::State& state, testing::sandbox& sandbox, candidate& c,
                           event_stream& events) {
  std::uint64_t allocated = 0;
  while (state.KeepRunningBatch(batch)) {
    state.PauseTiming();
    for (int i = 0; i < batch; ++i) sandbox.trouble(c, make_error_code(errc::closed), "something");
    const auto before = allocations();
    state.ResumeTiming();
    for (int i = 0; i < batch; ++i) benchmark::DoNotOptimize(co_await events.next());
    allocated += allocations() - before;
  }
  state.counters["allocations"] =
      benchmark::Counter(static_cast<double>(allocated), benchmark::Counter::kAvgIterations);
}

void next(benchmark::State& state) {
  asio::io_context context{1};
  testing::sandbox sandbox{context};
  auto c = sandbox.make_candidate({.name = "micro", .logger = no_logger()});
  auto events = c.events();
  asio::io_context callers{1};
  asio::co_spawn(callers, read(state, sandbox, c, events), asio::detached);
  callers.run();
}
BENCHMARK(next)->Name("co_await events.next()");

}  // namespace

}  // namespace neli::benchmarks
