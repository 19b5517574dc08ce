// SPDX-License-Identifier: BSL-1.0
#include "follow.hpp"

#include "facts.hpp"
#include "take_time.hpp"
#include "taking_part.hpp"
#include <neli/neli.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace neli::tools {

namespace {

enum status { well = 0, nobody_leads = 1, failed = 2 };

struct outcome {
  status result;
  std::string why;  ///< it could not be found out
};

struct follow_options {
  election_options election;
  std::string name = "follower";
  std::string role = "leader";
  bool create_topic = false;
  bool once = false;
};

/// Learns that there is no ledger, where a follower waits until a candidate makes it.
class absence final : public observer {
 public:
  absence(asio::any_io_executor on, std::shared_ptr<observer> tracer)
      : tracer_{std::move(tracer)}, known_{on, asio::steady_timer::time_point::max()} {}

  void stepped(const election_step& s) override {
    if (tracer_) tracer_->stepped(s);
  }
  void store_trouble(std::string_view, const trouble& t) override {
    if (t.code != errc::no_ledger || !why_.empty()) return;
    why_ = t.what;
    known_.cancel();
  }

  /// Waits until it is known; what the store says.
  asio::awaitable<std::string> reason() {
    if (why_.empty()) co_await known_.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return why_;
  }

 private:
  const std::shared_ptr<observer> tracer_;
  asio::steady_timer known_;
  std::string why_;
};

config config_of(const follow_options& o) {
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

asio::awaitable<void> tell_once(follower& f, clock::duration lease, absence& absent,
                                const facts& say, outcome& o) {
  using namespace asio::experimental::awaitable_operators;
  const auto found = co_await (who_leads(f, lease) || absent.reason());
  if (const auto* now = std::get_if<leader_changed>(&found)) {
    say.print("LEADER", in_words(*now));
    if (known(*now)) o.result = now->leader ? well : nobody_leads;
  } else {
    o.why = std::get<std::string>(found);
  }
  co_await f.close();
}

asio::awaitable<void> close_when_told(follower& f) {
  asio::signal_set signals{co_await asio::this_coro::executor, SIGTERM, SIGINT};
  co_await signals.async_wait(asio::use_awaitable);
  co_await f.close();
}

status run(const follow_options& o) {
  const facts say{o.name};
  asio::io_context context{1};
  auto c = config_of(o);  // it will hold a timer of the context's
  const auto absent = std::make_shared<absence>(context.get_executor(), c.observer);
  if (o.once) c.observer = absent;
  follower f{context.get_executor(), c};
  say.print("STARTED");

  outcome end{o.once ? failed : well, {}};
  const auto ended = [](std::exception_ptr) {};
  if (o.once)
    asio::co_spawn(context, tell_once(f, c.lease, *absent, say, end), ended);
  else
    asio::co_spawn(context, tell_changes(f, say), ended);
  asio::co_spawn(context, close_when_told(f), ended);
  f.wait_closed([&](error_code e) {
    say.print("CLOSED", e ? e.message() : end.why);
    if (e) end.result = failed;
    context.stop();
  });
  context.run();
  return end.result;
}

}  // namespace

void add_follow(CLI::App& app) {
  auto o = std::make_shared<follow_options>();
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
