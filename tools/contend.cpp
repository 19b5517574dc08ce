// SPDX-License-Identifier: BSL-1.0
#include "contend.hpp"

#include "facts.hpp"
#include <neli/neli.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace neli::tools {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct options {
  std::string servers;
  std::string name;
  std::string topic;
  std::string group;
  std::string assignor = "cooperative-sticky";
  std::vector<std::string> properties;
  int lease_ms = 0;
  int barrier_ms = 0;
  int block_ms = 0;
  std::string log_level = "off";
};

config config_of(const options& o) {
  config c{.kafka = {{"bootstrap.servers", o.servers}},
           .leader_group_id = o.group,
           .leader_topic = o.topic,
           .name = o.name};
  for (const auto& p : o.properties) {
    const auto at = p.find('=');
    if (at == std::string::npos)
      throw CLI::ValidationError{"--property", "'" + p + "' is not KEY=VALUE"};
    c.kafka[p.substr(0, at)] = p.substr(at + 1);
  }
  if (o.assignor == "range") c.assignor = assignor::range;
  if (o.lease_ms) c.lease = milliseconds{o.lease_ms};
  // Standard output is for the facts.
  c.logger = spdlog::stderr_color_mt("neli");
  c.logger->set_level(spdlog::level::from_str(o.log_level));
  return c;
}

std::string detail(const term& t) { return std::to_string(t.token()); }

/// Asks `is_leader()` every millisecond, from a thread that no event loop can hold up. After a
/// pause of the process it asks first of all, a thousand times.
class prober {
 public:
  prober(const candidate& c, const facts& f) : thread_{[this, &c, &f] { run(c, f); }} {}
  ~prober() {
    stop_ = true;
    thread_.join();
  }

 private:
  void run(const candidate& c, const facts& f) {
    constexpr auto pause = 300ms;
    bool led = false;
    auto last = std::chrono::steady_clock::now();
    while (!stop_) {
      const bool leads = c.is_leader();
      const auto now = std::chrono::steady_clock::now();
      if (now - last > pause) {
        int yes = leads;
        for (int i = 1; i < 1000; ++i) yes += c.is_leader();
        const auto away = std::chrono::duration_cast<milliseconds>(now - last).count();
        f.print("RESUMED", std::to_string(away) + " " + std::to_string(yes));
      }
      if (led && !leads) f.print("NOLEAD");
      led = leads;
      last = now;
      std::this_thread::sleep_for(1ms);
    }
  }

  std::atomic<bool> stop_{false};
  std::thread thread_;
};

asio::awaitable<void> take_time(milliseconds t) {
  asio::steady_timer timer{co_await asio::this_coro::executor, t};
  co_await timer.async_wait(asio::use_awaitable);
}

barrier_function barrier_of(const options& o, const facts& f) {
  return [&f, &o](event e) -> asio::awaitable<void> {
    if (const auto* a = e.as<leader_acquired>()) f.print("ACQUIRED", detail(a->term));
    if (const auto* x = e.as<leader_fenced>())
      f.print("FENCED", detail(x->term) + " " + std::string{to_string(x->reason)});
    if (const auto* r = e.as<leader_revoked>()) {
      f.print("REVOKED", detail(r->term) + " " + std::string{to_string(r->reason)});
      if (o.barrier_ms) co_await take_time(milliseconds{o.barrier_ms});
      f.print("FLUSHED", detail(r->term));
    }
  };
}

/// One line whenever `pulse()` begins to say yes.
asio::awaitable<void> pulse(candidate& c, const facts& f) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  std::uint64_t told = 0;
  while (true) {
    if (!co_await c.pulse()) continue;
    if (const auto t = c.term(); t && t->token() != told) {
      told = t->token();
      f.print("LEAD", detail(*t));
    }
    timer.expires_after(5ms);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> watch(candidate& c, const facts& f) {
  auto events = c.events();
  while (true) {
    const auto e = co_await events.next();
    if (const auto* x = e.as<leader_changed>())
      f.print("LEADER", x->leader ? x->leader->name + " " + std::to_string(x->leader->token)
                                  : "none " + std::string{to_string(x->reason)});
    if (const auto* t = e.as<trouble>()) f.print(t->code ? "TROUBLE" : "WELL", t->what);
    if (const auto* b = e.as<barrier_failed>()) f.print("BARRIER_FAILED", b->what);
  }
}

/// SIGTERM and SIGINT leave in order, SIGUSR1 blocks the event loop for a while.
asio::awaitable<void> obey(candidate& c, const options& o, const facts& f) {
  asio::signal_set signals{co_await asio::this_coro::executor, SIGTERM, SIGINT, SIGUSR1};
  while (co_await signals.async_wait(asio::use_awaitable) == SIGUSR1) {
    f.print("BLOCKED");
    std::this_thread::sleep_for(milliseconds{o.block_ms});
    f.print("UNBLOCKED");
  }
  f.print("CLOSING");
  co_await c.close();
}

int run(const options& o) {
  const facts f{o.name};
  asio::io_context context{1};
  auto c = std::make_unique<candidate>(context.get_executor(), config_of(o), barrier_of(o, f));
  f.print("STARTED");
  const prober asks{*c, f};

  error_code failure;
  asio::co_spawn(context, watch(*c, f), [](std::exception_ptr) {});
  asio::co_spawn(context, pulse(*c, f), [](std::exception_ptr) {});
  asio::co_spawn(context, obey(*c, o, f), [](std::exception_ptr) {});
  c->wait_closed([&](error_code e) {
    failure = e;
    f.print("CLOSED", e ? e.message() : "");
    context.stop();
  });
  context.run();
  return failure ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace

void add_contend(CLI::App& app) {
  auto o = std::make_shared<options>();
  auto* c = app.add_subcommand(
      "contend",
      "Be a candidate until SIGTERM; print one line per fact:\n"
      "  <ns of the monotonic clock> <name> <WHAT> [detail]\n"
      "WHAT is STARTED, ACQUIRED, LEAD, NOLEAD, REVOKED, FLUSHED, FENCED, LEADER,\n"
      "TROUBLE, WELL, RESUMED (after a pause of the process: milliseconds, and how many\n"
      "of its first 1000 questions were answered \"I lead\"), CLOSING or CLOSED.");
  c->add_option("--servers", o->servers, "Kafka's bootstrap servers, host:port,...")->required();
  c->add_option("--name", o->name, "This candidate's name")->required();
  c->add_option("--topic", o->topic, "The leader topic")->required();
  c->add_option("--group", o->group, "The consumer group [the topic's name]");
  c->add_option("--assignor", o->assignor, "cooperative-sticky or range")
      ->check(CLI::IsMember({"cooperative-sticky", "range"}));
  c->add_option("--lease-ms", o->lease_ms, "The lease [neli's default]");
  c->add_option("--barrier-ms", o->barrier_ms, "How long the revoked-barrier takes [0]");
  c->add_option("--block-ms", o->block_ms, "How long SIGUSR1 blocks the event loop [0]");
  c->add_option("--property", o->properties, "A property of librdkafka's, KEY=VALUE; repeatable");
  c->add_option("--log-level", o->log_level,
                "To standard error: debug, info, warn, err or off [off]");
  c->callback([o] {
    if (o->group.empty()) o->group = o->topic;
    std::exit(run(*o));
  });
}

}  // namespace neli::tools
