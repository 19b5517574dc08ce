// SPDX-License-Identifier: BSL-1.0
// A turn of a leader's loop, beside the least that a turn of the event loop costs.
#include "allocations.hpp"
#include "leader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace neli::benchmarks {

namespace {

asio::awaitable<void> post(benchmark::State& state) {
  co_await asio::post(asio::deferred);  // so that whatever is recycled is there
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

}  // namespace

}  // namespace neli::benchmarks
