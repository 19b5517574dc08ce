// SPDX-License-Identifier: BSL-1.0
#include "run.hpp"

#include "../taking_part.hpp"
#include "agent.hpp"

#include <boost/asio/ip/host_name.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace neli::tools {

namespace {

using std::chrono::milliseconds;

struct run_options {
  election_options election;
  arbitration_options arbitration;
  std::string role = "leader";
  std::string name;
  std::string metadata;
  std::vector<std::string> command;
  double grace_ms = 0;
  double wait_ms = 0;
  double back_off_ms = 1000;
  bool once = false;
  agent::restart again = agent::restart::never;
  std::string on_lost;
  bool no_guard = false;
  bool quiet = false;
  bool json = false;
};

milliseconds in_ms(double ms) { return milliseconds{static_cast<milliseconds::rep>(ms)}; }

/// What the command, and --on-lost's, are told of. The store may hold a password.
void set_environment(const config& c) {
  ::setenv("NELI_ROLE", c.role.c_str(), 1);
  ::setenv("NELI_NAME", c.name.c_str(), 1);
  ::unsetenv("NELI_STORE");
}

config config_of(const run_options& o) {
  auto c = config_of(o.election, store_of(o.election, o.arbitration, [](kafka&) {}), o.name);
  c.role = o.role;
  c.metadata = o.metadata;
  if (c.name.empty()) c.name = boost::asio::ip::host_name() + "/" + std::to_string(::getpid());
  return c;
}

agent::settings settings_of(const run_options& o, milliseconds lease) {
  agent::settings s{.command = o.command,
                    .grace = o.grace_ms > 0 ? in_ms(o.grace_ms) : lease / 4,
                    .once = o.once,
                    .again = o.again,
                    .back_off = in_ms(o.back_off_ms),
                    .wait = {},
                    .on_lost = o.on_lost,
                    .guard = !o.no_guard,
                    .form = o.quiet  ? narrator::form::none
                            : o.json ? narrator::form::json
                                     : narrator::form::words};
  if (const auto most = lease / 2 - lease / 10; s.grace > most)
    throw CLI::ValidationError{"--grace", std::to_string(s.grace.count()) +
                                              "ms is more than two fifths of the lease, " +
                                              std::to_string(most.count()) + "ms"};
  if (o.wait_ms > 0) s.wait = in_ms(o.wait_ms);
  return s;
}

int run(const run_options& o) {
  auto c = config_of(o);
  const auto s = settings_of(o, c.lease);
  // A task that takes longer would be given up, while the command still runs.
  c.barrier_timeout = std::max(c.barrier_timeout, 2 * s.grace + c.lease / 10);
  set_environment(c);
  return agent{s, std::move(c)}.run();
}

}  // namespace

void add_run(CLI::App& app) {
  auto o = std::make_shared<run_options>();
  auto* c = app.add_subcommand(
      "run",
      "Run a command while this candidate leads: never two at once, on any number of hosts.\n"
      "  neli run --store etcd://db1:2379 --ledger app/leader -- ./service --its-options\n"
      "When leadership is lost the command gets SIGTERM, and all that came of it is killed before\n"
      "the lease ends. The command finds NELI_ROLE, NELI_NAME and the fencing token, NELI_TOKEN,\n"
      "in its environment. Signals are passed on to it; after SIGTERM, SIGINT and SIGQUIT it is\n"
      "waited for and not started again.\n"
      "Exit status: the command's, 128 + N if signal N ended it; 120 did not lead within --wait,\n"
      "121 lost leadership (with --once), 122 the election failed, 126 the command cannot be\n"
      "executed, 127 it was not found.");
  const std::map<std::string, double> units{
      {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
  const auto duration =
      CLI::AsNumberWithUnit{units, CLI::AsNumberWithUnit::UNIT_REQUIRED, "DURATION"};
  const std::map<std::string, agent::restart> restarts{{"never", agent::restart::never},
                                                       {"on-failure", agent::restart::on_failure},
                                                       {"always", agent::restart::always}};
  add_election_options(*c, o->election);
  add_arbitration_options(*c, o->arbitration);
  c->add_option("--role", o->role, "What is led")->capture_default_str();
  c->add_option("--name", o->name, "This candidate's name [host and process number]");
  c->add_option("--metadata", o->metadata, "What others learn about it while it leads");
  c->add_option(
       "--grace", o->grace_ms,
       "From SIGTERM to SIGKILL, 800ms for example: at most two fifths\nof the lease [a quarter]")
      ->transform(duration);
  c->add_flag("--once", o->once, "Run the command at most once, also if leadership is lost");
  c->add_option("--restart", o->again,
                "Whether the command is run again when it has ended: never,\n"
                "on-failure or always. The other candidates go first [never]")
      ->transform(CLI::CheckedTransformer{restarts}.description(""));
  c->add_option("--back-off", o->back_off_ms,
                "How long others go first before a restart: twice as long\n"
                "after each failure [1s]")
      ->transform(duration);
  c->add_option("--wait", o->wait_ms, "End if it does not lead by then [wait for ever]")
      ->transform(duration);
  c->add_option("--on-lost", o->on_lost,
                "A command for the shell, run when leadership was lost and the\ncommand is dead");
  c->add_flag("--no-guard", o->no_guard,
              "Do not start a guard: others wait for the lease when this has crashed");
  c->add_flag("--quiet", o->quiet, "Do not say on standard error what happens");
  c->add_flag("--json", o->json, "Say it in JSON, one object a line")->excludes("--quiet");
  c->add_option("command", o->command, "The command and its arguments, after --")->required();
  c->callback([o] { std::exit(run(*o)); });
}

}  // namespace neli::tools
