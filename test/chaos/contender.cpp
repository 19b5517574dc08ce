// SPDX-License-Identifier: BSL-1.0
// One of the processes that contend in test/chaos: an elector, a witness of when it leads, and the
// work of a leader.
#include "control.hpp"
#include "neli_elector.hpp"
#include "register_control.hpp"
#include "registers.hpp"
#include "witness.hpp"
#include "worker.hpp"
#include <neli/logging.hpp>
#include <neli/stores/kafka.hpp>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <facts.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <trace_to.hpp>

using namespace neli;
using std::chrono::milliseconds;

namespace {

struct options {
  std::string store = "kafka";
  std::string servers;
  std::string topic;
  std::string name;
  std::string elector = "ledger";
  int lease_ms = 0;
  int session_ms = 0;
  int group_heartbeat_ms = 0;
  unsigned short counter = 0;
  std::string trace;
};

store kafka_of(const options& o) {
  return neli::kafka{
      .properties = {{"bootstrap.servers", o.servers}},
      .arbitration = o.elector == "group" ? arbitration::group : arbitration::ledger,
      .group_id = o.topic,
      .session_timeout = milliseconds{o.session_ms},
      .group_heartbeat_interval = milliseconds{o.group_heartbeat_ms},
  };
}

config config_of(const options& o) {
  config c{.ledger = o.topic, .name = o.name};
  c.store = o.store == "kafka" ? kafka_of(o) : chaos::register_of(o.store, o.servers);
  c.lease = milliseconds{o.lease_ms};
  if (!o.trace.empty()) c.observer = neli::make_tracer(tools::trace_to(o.trace));
  c.logger = spdlog::stderr_logger_mt("neli");
  c.logger->set_level(spdlog::level::debug);
  return c;
}

std::unique_ptr<chaos::elector> control_of(const options& o, const tools::facts& says) {
  if (o.store != "kafka")
    return chaos::make_control(chaos::register_of(o.store, o.servers), config_of(o), says);
  return chaos::make_control({{"bootstrap.servers", o.servers},
                              {"group.id", o.topic},
                              {"session.timeout.ms", std::to_string(o.session_ms)},
                              {"heartbeat.interval.ms", std::to_string(o.group_heartbeat_ms)}},
                             o.topic, says);
}

std::unique_ptr<chaos::elector> elector_of(const options& o, const tools::facts& says) {
  if (o.elector == "flag") return control_of(o, says);
  return chaos::make_neli_elector(config_of(o), says);
}

/// Blocks the signals in this thread and in all threads that it makes.
sigset_t the_end() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void run(const options& o) {
  const auto end = the_end();
  const tools::facts says{o.name};
  const auto elector = elector_of(o, says);
  const chaos::witness witness{*elector, says};
  const chaos::worker worker{*elector, o.name, o.counter};
  says.print("STARTED", o.elector);
  int signal = 0;
  sigwait(&end, &signal);
  elector->leave();
  says.print("LEFT");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Contends until SIGTERM; prints one line per fact:\n"
      "  <ns of the monotonic clock> <name> <WHAT> [detail]\n"
      "WHAT is STARTED, SAW (it led: from, to, token), TURN, CLOSED or LEFT.\n"
      "When an option is given twice, the last one counts."};
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  options o;
  app.add_option("--store", o.store, "kafka, or one of the others")
      ->check(CLI::IsMember(chaos::kinds()));
  app.add_option("--servers", o.servers, "The store's, HOST:PORT,...")->required();
  app.add_option("--topic", o.topic, "The ledger, and Kafka's group")->required();
  app.add_option("--name", o.name)->required();
  app.add_option("--elector", o.elector, "ledger or group: neli's; flag: the control")
      ->check(CLI::IsMember({"ledger", "group", "flag"}));
  app.add_option("--lease-ms", o.lease_ms)->required();
  app.add_option("--session-ms", o.session_ms)->required();
  app.add_option("--group-heartbeat-ms", o.group_heartbeat_ms)->required();
  app.add_option("--counter", o.counter, "The port of the counter to write to")->required();
  app.add_option("--trace", o.trace, "Write a trace to this file; not the control");
  CLI11_PARSE(app, argc, argv);
  try {
    run(o);
  } catch (const std::exception& e) {
    std::cerr << "contender: " << e.what() << '\n';
    return EXIT_FAILURE;
  }
}
