// SPDX-License-Identifier: BSL-1.0
#include "contend.hpp"

#include "facts.hpp"
#include "prober.hpp"
#include "take_time.hpp"
#include "taking_part.hpp"
#include <neli/neli.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace neli::tools {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct contend_options {
  election_options election;
  arbitration_options arbitration;
  std::string name;
  std::string metadata;
  int barrier_timeout_ms = 0;
  bool no_create_topic = false;
  int barrier_ms = 0;
  std::string barrier = "returns";
  int block_ms = 0;
  int stand_back_ms = 0;
  int pulse_ms = 5;
  bool no_prober = false;
  guard_options guard;
};

config config_of(const contend_options& o) {
  const auto store =
      store_of(o.election, o.arbitration, [&](kafka& k) { k.create_topic = !o.no_create_topic; });
  auto c = config_of(o.election, store, o.name);
  c.metadata = o.metadata;
  c.guard = guard_of(o.guard);
  if (o.barrier_timeout_ms) c.barrier_timeout = milliseconds{o.barrier_timeout_ms};
  return c;
}

std::string detail(const term& t) { return std::to_string(t.token()); }

barrier_function barrier_of(const contend_options& o, const facts& f) {
  return [&f, &o](event e) -> asio::awaitable<void> {
    if (const auto* a = e.as<leader_acquired>()) f.print("ACQUIRED", detail(a->term));
    if (const auto* x = e.as<leader_fenced>())
      f.print("FENCED", detail(x->term) + " " + std::string{to_string(x->reason)});
    if (const auto* r = e.as<leader_revoked>()) {
      f.print("REVOKED", detail(r->term) + " " + std::string{to_string(r->reason)});
      if (o.barrier == "throws") throw std::runtime_error{"the barrier throws"};
      co_await take_time(o.barrier == "hangs" ? 24h : milliseconds{o.barrier_ms});
      f.print("FLUSHED", detail(r->term));
    }
  };
}

/// Prints one line whenever `pulse()` begins to say yes.
asio::awaitable<void> pulse(candidate& c, const contend_options& o, const facts& f) {
  std::uint64_t told = 0;
  while (true) {
    if (!co_await c.pulse()) continue;
    if (const auto t = c.term(); t && t->token() != told) {
      told = t->token();
      f.print("LEAD", detail(*t));
    }
    co_await take_time(milliseconds{o.pulse_ms});
  }
}

asio::awaitable<void> watch(candidate& c, const facts& f) {
  auto events = c.events();
  while (true) {
    const auto e = co_await events.next();
    if (const auto* x = e.as<leader_changed>()) f.print("LEADER", in_words(*x));
    if (const auto* t = e.as<trouble>()) f.print(t->code ? "TROUBLE" : "WELL", t->what);
    if (const auto* b = e.as<barrier_failed>()) f.print("BARRIER_FAILED", b->what);
  }
}

/// SIGTERM and SIGINT leave in order, SIGUSR1 blocks the event loop for a while, SIGUSR2 resigns.
asio::awaitable<void> obey(candidate& c, const contend_options& o, const facts& f) {
  asio::signal_set signals{co_await asio::this_coro::executor, SIGTERM, SIGINT, SIGUSR1};
  signals.add(SIGUSR2);
  while (true) {
    const int signal = co_await signals.async_wait(asio::use_awaitable);
    if (signal == SIGUSR1) {
      f.print("BLOCKED");
      std::this_thread::sleep_for(milliseconds{o.block_ms});
      f.print("UNBLOCKED");
    } else if (signal == SIGUSR2) {
      co_await c.resign(milliseconds{o.stand_back_ms});
      f.print("RESIGNED");
    } else {
      break;
    }
  }
  f.print("CLOSING");
  co_await c.close();
}

int run(const contend_options& o) {
  const facts f{o.name};
  asio::io_context context{1};
  auto c = std::make_unique<candidate>(context.get_executor(), config_of(o), barrier_of(o, f));
  f.print("STARTED");
  std::optional<prober> asks;
  if (!o.no_prober)
    asks.emplace(std::vector<prober::subject>{{[&c] { return c->is_leader(); }, f}}, f);

  error_code failure;
  asio::co_spawn(context, watch(*c, f), [](std::exception_ptr) {});
  asio::co_spawn(context, pulse(*c, o, f), [](std::exception_ptr) {});
  asio::co_spawn(context, obey(*c, o, f), [](std::exception_ptr) {});
  c->wait_closed([&](error_code e) {
    failure = e;
    f.print("CLOSED", e ? e.message() : "");
    if (e) context.stop();
  });
  context.run();  // returns only when a good-bye to the group is over
  return failure ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace

void add_contend(CLI::App& app) {
  auto o = std::make_shared<contend_options>();
  auto* c = app.add_subcommand(
      "contend",
      "Be a candidate until SIGTERM; print one line per fact:\n"
      "  <ns of the monotonic clock> <name> <WHAT> [detail]\n"
      "WHAT is STARTED, ACQUIRED, LEAD (pulse() says yes), NOLEAD (is_leader() is not true any\n"
      "more: when it first and last was), REVOKED, FLUSHED, FENCED, LEADER,\n"
      "TROUBLE, WELL, BARRIER_FAILED, RESUMED (after a pause of the process: its milliseconds, "
      "and\n"
      "how many of the first 1000 answers were \"I lead\"), RESIGNED, CLOSING or CLOSED.");
  add_election_options(*c, o->election);
  add_arbitration_options(*c, o->arbitration);
  c->add_option("--name", o->name, "This candidate's name")->required();
  c->add_option("--metadata", o->metadata, "What others learn about it while it leads");
  c->add_option("--barrier-timeout-ms", o->barrier_timeout_ms, "[neli's default]");
  c->add_flag("--no-create-topic", o->no_create_topic, "Do not create the topic if it is absent");
  c->add_option("--barrier-ms", o->barrier_ms, "How long the revoked-barrier takes [0]");
  c->add_option("--barrier", o->barrier, "What the revoked-barrier does: returns, hangs or throws")
      ->check(CLI::IsMember({"returns", "hangs", "throws"}));
  c->add_option("--block-ms", o->block_ms, "How long SIGUSR1 blocks the event loop [0]");
  c->add_option("--stand-back-ms", o->stand_back_ms,
                "How long it stands back when SIGUSR2 makes it resign [0]");
  c->add_option("--pulse-ms", o->pulse_ms, "How long a leader waits between two pulses [5]");
  add_guard_options(*c, o->guard);
  c->add_flag("--no-prober", o->no_prober,
              "Do not ask is_leader() every millisecond, and never say NOLEAD");
  c->callback([o] { std::exit(run(*o)); });
}

}  // namespace neli::tools
