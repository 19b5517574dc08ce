// SPDX-License-Identifier: BSL-1.0
#include "roles.hpp"

#include "facts.hpp"
#include "prober.hpp"
#include "taking_part.hpp"
#include <neli/neli.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli::tools {

namespace {

struct roles_options {
  election_options election;
  arbitration_options arbitration;
  guard_options guard;
  std::string name;
  int roles = 0;
  bool no_prober = false;
};

/// A candidate for one of the roles.
class contender {
 public:
  contender(session& s, const std::string& process, const std::string& role)
      : says_{process + "/" + role}, candidate_{s.candidate(role, barrier())} {
    // Its outcome is not needed: it ends with the session, whose end is printed for all roles.
    candidate_.lead([this](const term& t) { return work(t.token()); }, asio::detached);
  }
  contender(const contender&) = delete;
  contender& operator=(const contender&) = delete;

  candidate& get() { return candidate_; }
  const facts& says() const { return says_; }

 private:
  barrier_function barrier() {
    return [this](event e) -> asio::awaitable<void> {
      if (const auto* f = e.as<leader_fenced>())
        says_.print("FENCED",
                    std::to_string(f->term.token()) + " " + std::string{to_string(f->reason)});
      co_return;
    };
  }

  /// Runs until it is cancelled.
  asio::awaitable<void> work(std::uint64_t token) {
    says_.print("LEAD", std::to_string(token));
    asio::steady_timer never{co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max()};
    co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
    says_.print("ENDED", std::to_string(token));
  }

  const facts says_;
  candidate candidate_;
};

int run(const roles_options& o) {
  const facts f{o.name};
  asio::io_context context{1};
  std::vector<std::string> roles;
  roles.reserve(static_cast<std::size_t>(o.roles));
  for (int i = 0; i < o.roles; ++i) roles.push_back("role-" + std::to_string(i));
  const auto store = store_of(o.election, o.arbitration, [&](kafka& k) { k.roles = roles; });
  auto settings = config_of(o.election, store, o.name);
  settings.guard = guard_of(o.guard);
  session s{context.get_executor(), settings};
  // Before STARTED is printed, as a reader of that may send a signal at once.
  asio::signal_set signals{context, SIGTERM, SIGINT};
  f.print("STARTED");
  std::deque<contender> all;
  for (const auto& role : roles) all.emplace_back(s, o.name, role);

  std::optional<prober> asks;
  if (!o.no_prober) {
    std::vector<prober::subject> subjects;
    subjects.reserve(all.size());
    for (auto& one : all)
      subjects.push_back({[&c = one.get()] { return c.is_leader(); }, one.says()});
    asks.emplace(std::move(subjects), f);
  }

  error_code failure;
  const auto close = [&] {
    signals.cancel();
    s.close([&](error_code) { f.print("CLOSED", failure ? failure.message() : ""); });
  };
  signals.async_wait([&](error_code e, int) {
    if (e) return;
    f.print("CLOSING");
    close();
  });
  // An error ends all candidates of the session, so one of them is enough.
  all.front().get().wait_closed([&](error_code e) {
    failure = e;
    if (e) close();
  });
  context.run();  // returns only when a good-bye to the group is over
  return failure ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace

void add_roles(CLI::App& app) {
  auto o = std::make_shared<roles_options>();
  auto* c = app.add_subcommand(
      "roles",
      "Be a candidate for many roles until SIGTERM; print one line per fact:\n"
      "  <ns of the monotonic clock> <name>[/<role>] <WHAT> [detail]\n"
      "WHAT is STARTED, CLOSING or CLOSED of the process, and of a role LEAD (its task starts),\n"
      "ENDED (its task has been cancelled and ends), NOLEAD (is_leader() is not true any more:\n"
      "when it first and last was) or FENCED.");
  add_election_options(*c, o->election);
  add_arbitration_options(*c, o->arbitration);
  add_guard_options(*c, o->guard);
  c->add_option("--name", o->name, "This process's name")->required();
  c->add_option("--roles", o->roles, "How many: role-0, role-1, ...")
      ->required()
      ->check(CLI::PositiveNumber);
  c->add_flag("--no-prober", o->no_prober,
              "Do not ask is_leader() of every role every millisecond, and never say NOLEAD");
  c->callback([o] { std::exit(run(*o)); });
}

}  // namespace neli::tools
