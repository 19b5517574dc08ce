// SPDX-License-Identifier: BSL-1.0
// A turn of a leader's loop, beside the least that a turn of the event loop costs.
#include "allocation_counter.hpp"
#include "leader.hpp"
#include <neli/testing/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace neli::benchmarks {

namespace {

asio::awaitable<void> post(benchmark::State& state) {
  co_await asio::post(asio::deferred);  // makes the memory that later calls reuse
  const allocation_counter counter{state};
  for (auto _ : state) co_await asio::post(asio::deferred);
}

asio::awaitable<void> pulse(benchmark::State& state, candidate& c) {
  bool always = co_await c.pulse();
  const allocation_counter counter{state};
  for (auto _ : state) always &= co_await c.pulse();
  if (!always) state.SkipWithError("it does not lead");
}

void run(asio::awaitable<void> a) {
  asio::io_context context{1};
  asio::co_spawn(context, std::move(a), asio::detached);
  context.run();
}

void bare_post(benchmark::State& s) { run(post(s)); }
BENCHMARK(bare_post)->Name("co_await asio::post()");

void leaders_pulse(benchmark::State& s) { run(pulse(s, leader::instance().candidate())); }
BENCHMARK(leaders_pulse)->Name("co_await candidate.pulse()");

/// The same without the cost of the clock: a sandbox's clock stands still.
void sandbox_pulse(benchmark::State& s) {
  asio::io_context context{1};
  testing::sandbox sandbox{context};
  auto c = sandbox.make_candidate({.name = "micro", .logger = no_logger()});
  sandbox.acquire(c);
  run(pulse(s, c));
}
BENCHMARK(sandbox_pulse)->Name("co_await candidate.pulse() in a sandbox");

}  // namespace

}  // namespace neli::benchmarks
