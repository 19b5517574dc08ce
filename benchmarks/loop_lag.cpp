// SPDX-License-Identifier: BSL-1.0
// How late a timer of a server's event loop is called, with and without a candidate beside it.
#include <neli/neli.hpp>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using steady = std::chrono::steady_clock;

constexpr auto tick = 1ms;
constexpr auto task = 20us;

struct options {
  std::string candidate = "none";
  std::string servers;
  std::string topic;
  std::string name = "loop-lag";
  int lease_ms = 1000;
  int seconds = 10;
};

void work() {
  const auto until = steady::now() + task;
  while (steady::now() < until) {
  }
}

/// The load on the event loop: a task a millisecond, at random times.
void load(asio::io_context& context, std::stop_token stop) {
  std::mt19937 random{1};
  std::exponential_distribution<double> gap{1000};
  auto next = steady::now();
  while (!stop.stop_requested()) {
    next += std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>{gap(random)});
    std::this_thread::sleep_until(next);
    asio::post(context, work);
  }
}

asio::awaitable<std::vector<nanoseconds>> lateness(int seconds) {
  std::vector<nanoseconds> all;
  asio::steady_timer timer{co_await asio::this_coro::executor};
  const auto end = steady::now() + std::chrono::seconds{seconds};
  for (auto due = steady::now() + tick; due < end;) {
    timer.expires_at(due);
    co_await timer.async_wait(asio::use_awaitable);
    const auto now = steady::now();
    all.push_back(now - due);
    // A timer that is more than a tick late skips the ticks in between.
    due = std::max(due, now - tick) + tick;
  }
  co_return all;
}

asio::awaitable<void> settled(neli::candidate& c, bool leads) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  if (leads)
    while (!co_await c.pulse()) {
    }
  else
    while (!c.leader()) {
      timer.expires_after(50ms);
      co_await timer.async_wait(asio::use_awaitable);
    }
  timer.expires_after(2s);
  co_await timer.async_wait(asio::use_awaitable);
}

/// The smallest sample that is not below that part of the samples, as in benchmarks/fleet.py.
nanoseconds percentile(const std::vector<nanoseconds>& sorted, double part) {
  const auto n = static_cast<std::size_t>(std::ceil(part * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(n, 1) - 1];
}

json::object summary(std::vector<nanoseconds> all) {
  std::sort(all.begin(), all.end());
  std::map<std::int64_t, std::int64_t> by_us;
  for (const auto t : all) ++by_us[t / 1us];
  json::array histogram;
  for (const auto& [us, n] : by_us) histogram.push_back(json::array{us, n});
  const auto us = [&](double part) {
    return static_cast<double>(percentile(all, part).count()) / 1000;
  };
  return {{"n", all.size()},          {"p50_us", us(0.5)},     {"p90_us", us(0.9)},
          {"p99_us", us(0.99)},       {"p99_9_us", us(0.999)}, {"max_us", us(1)},
          {"histogram_us", histogram}};
}

asio::awaitable<void> measure(options o, std::optional<neli::candidate>& c, json::object& result) {
  const bool leads = o.candidate == "leader";
  if (c) co_await settled(*c, leads);
  result = summary(co_await lateness(o.seconds));
  result["candidate"] = o.candidate;
  if (!c) co_return;
  if (c->is_leader() != leads) throw std::runtime_error{"leadership has changed meanwhile"};
  co_await c->close();
}

int run(const options& o) {
  asio::io_context context{1};
  std::optional<neli::candidate> c;
  if (o.candidate != "none")
    c.emplace(context.get_executor(),
              neli::config{.store = neli::kafka{{{"bootstrap.servers", o.servers}}},
                           .ledger = o.topic,
                           .name = o.name,
                           .lease = std::chrono::milliseconds{o.lease_ms},
                           .logger = neli::no_logger()});
  std::jthread others{[&](std::stop_token stop) { load(context, stop); }};
  json::object result;
  std::exception_ptr failure;
  asio::co_spawn(context, measure(o, c, result), [&](std::exception_ptr e) {
    failure = e;
    context.stop();
  });
  context.run();
  if (failure) std::rethrow_exception(failure);
  std::cout << json::serialize(result) << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Has an event loop serve 1,000 tasks a second, at random times, of 20 us of CPU time each, "
      "and\n"
      "a timer of a millisecond, and prints how late the timer was, as one line of JSON. A "
      "candidate\n"
      "beside it is the only one, or stands by for another that leads already."};
  options o;
  app.add_option("--candidate", o.candidate, "none, standby or leader [none]")
      ->check(CLI::IsMember({"none", "standby", "leader"}));
  app.add_option("--servers", o.servers, "Kafka's bootstrap servers, host:port,...");
  app.add_option("--topic", o.topic, "The leader topic");
  app.add_option("--name", o.name, "The candidate's name [loop-lag]");
  app.add_option("--lease-ms", o.lease_ms, "[1000]");
  app.add_option("--seconds", o.seconds, "For how long the timer is watched [10]");
  CLI11_PARSE(app, argc, argv);
  try {
    return run(o);
  } catch (const std::exception& e) {
    std::cerr << "loop_lag: " << e.what() << "\n";
    return 1;
  }
}
