// SPDX-License-Identifier: BSL-1.0
// Reading an event that is ready.
#include "allocations.hpp"
#include <neli/neli.hpp>
#include <neli/testing/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace neli::benchmarks {

namespace {

constexpr int batch = 50;  // fewer than a stream holds

void next(benchmark::State& state) {
  asio::io_context context{1};
  testing::sandbox sandbox{context};
  auto c = sandbox.make_candidate({.name = "micro", .logger = no_logger()});
  auto events = c.events();
  const auto read = [&]() -> asio::awaitable<void> {
    for (int i = 0; i < batch; ++i) co_await events.next();
  };
  std::uint64_t allocated = 0;
  while (state.KeepRunningBatch(batch)) {
    state.PauseTiming();
    for (int i = 0; i < batch; ++i) sandbox.trouble(c, make_error_code(errc::closed), "something");
    const auto before = allocations();
    state.ResumeTiming();
    asio::co_spawn(context, read(), asio::detached);
    context.restart();
    context.poll();
    allocated += allocations() - before;
  }
  state.counters["allocations"] =
      benchmark::Counter(static_cast<double>(allocated), benchmark::Counter::kAvgIterations);
}
BENCHMARK(next)->Name("co_await events.next()");

}  // namespace

}  // namespace neli::benchmarks
