// SPDX-License-Identifier: BSL-1.0
#include "follow.hpp"

#include "facts.hpp"
#include "take_time.hpp"
#include "taking_part.hpp"
#include <neli/neli.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

namespace neli::tools {

namespace {

enum status { well = 0, nobody_leads = 1, failed = 2 };

struct options {
  election_options election;
  std::string name = "follower";
  std::string role = "leader";
  bool create_topic = false;
  bool once = false;
};

config config_of(const options& o) {
  const auto store = store_of(o.election, {}, [&](kafka& k) { k.create_topic = o.create_topic; });
  auto c = config_of(o.election, store, o.name);
  c.role = o.role;
  return c;
}

bool known(const leader_changed& c) { return c.leader || c.reason != vacancy::unknown; }

asio::awaitable<void> tell_changes(follower& f, const facts& say) {
  while (true) say.print("LEADER", in_words(co_await f.next()));
}

asio::awaitable<void> keep_up(follower& f, leader_changed& now) {
  while (true) now = co_await f.next();
}

/// A heartbeat counts for a lease from when it is read, however old it is. So the answer is sure
/// only after a lease, when a leader that is dead would have been found out.
asio::awaitable<leader_changed> who_leads(follower& f, clock::duration lease) {
  using namespace asio::experimental::awaitable_operators;
  leader_changed now;
  do now = co_await f.next();
  while (!known(now));
  // The follower itself waits a little longer than the lease, as clocks differ.
  co_await (keep_up(f, now) || take_time(lease + lease / 10));
  co_return now;
}

asio::awaitable<void> tell_once(follower& f, clock::duration lease, const facts& say, status& s) {
  const auto now = co_await who_leads(f, lease);
  say.print("LEADER", in_words(now));
  if (known(now)) s = now.leader ? well : nobody_leads;
  co_await f.close();
}

asio::awaitable<void> close_when_told(follower& f) {
  asio::signal_set signals{co_await asio::this_coro::executor, SIGTERM, SIGINT};
  co_await signals.async_wait(asio::use_awaitable);
  co_await f.close();
}

status run(const options& o) {
  const facts say{o.name};
  const auto c = config_of(o);
  asio::io_context context{1};
  follower f{context.get_executor(), c};
  say.print("STARTED");

  status result = o.once ? failed : well;
  const auto ended = [](std::exception_ptr) {};
  if (o.once)
    asio::co_spawn(context, tell_once(f, c.lease, say, result), ended);
  else
    asio::co_spawn(context, tell_changes(f, say), ended);
  asio::co_spawn(context, close_when_told(f), ended);
  f.wait_closed([&](error_code e) {
    say.print("CLOSED", e ? e.message() : "");
    if (e) result = failed;
    context.stop();
  });
  context.run();
  return result;
}

}  // namespace

void add_follow(CLI::App& app) {
  auto o = std::make_shared<options>();
  auto* c = app.add_subcommand(
      "follow",
      "Say who leads until SIGTERM, without contending; print one line per fact:\n"
      "  <ns of the monotonic clock> <name> <WHAT> [detail]\n"
      "WHAT is STARTED, LEADER (its name, its fencing token and its metadata; or none, and the\n"
      "reason) or CLOSED. Exit status 0; 2 after an error. With --once 0 if a candidate leads,\n"
      "1 if none does, 2 if that could not be found out.");
  add_election_options(*c, o->election);
  c->add_option("--name", o->name, "This follower's name")->capture_default_str();
  c->add_option("--role", o->role, "The role that is followed")->capture_default_str();
  c->add_flag("--create-topic", o->create_topic,
              "Create the topic if it is absent, instead of ending");
  c->add_flag("--once", o->once,
              "Say who leads, and end. Takes a lease: a leader that is silent for so long is gone");
  c->callback([o] { std::exit(run(*o)); });
}

}  // namespace neli::tools
