// SPDX-License-Identifier: BSL-1.0
// A contender for leadership by a plain consumer group of Kafka's, as most people build it.
#include "harness/flag_elector.hpp"

#include <CLI/CLI.hpp>

#include <signal.h>

#include <create_topic.hpp>
#include <cstdlib>
#include <facts.hpp>
#include <iostream>
#include <map>
#include <optional>
#include <prober.hpp>
#include <string>
#include <vector>

using namespace neli::tools;
using neli::test::flag_elector;

namespace {

struct options {
  std::string servers;
  std::string topic;
  std::string name;
  int session_ms = 0;
  int group_heartbeat_ms = 0;
  bool no_prober = false;
};

std::map<std::string, std::string> kafka_of(const options& o) {
  std::map<std::string, std::string> kafka{{"bootstrap.servers", o.servers},
                                           {"group.id", o.topic},
                                           {"partition.assignment.strategy", "range"},
                                           // No log: errors of a server that is down are expected
                                           // here.
                                           {"log_level", "0"}};
  if (o.session_ms) kafka["session.timeout.ms"] = std::to_string(o.session_ms);
  if (o.group_heartbeat_ms) kafka["heartbeat.interval.ms"] = std::to_string(o.group_heartbeat_ms);
  return kafka;
}

/// Blocks the signals in this thread and in all threads that it makes.
sigset_t the_end() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void tell(const facts& says, flag_elector::turn t) {
  if (t == flag_elector::turn::assigned) {
    says.print("ACQUIRED");
    says.print("LEAD");
  } else {
    says.print(t == flag_elector::turn::lost ? "FENCED" : "REVOKED");
  }
}

void run(const options& o) {
  const auto end = the_end();
  const facts says{o.name};
  says.print("STARTED");
  neli::benchmarks::create_topic(o.servers, o.topic);
  flag_elector elector{kafka_of(o), o.topic, [&](flag_elector::turn t) { tell(says, t); }};
  std::optional<prober> asks;
  if (!o.no_prober)
    asks.emplace(std::vector<prober::subject>{{[&] { return elector.leads().has_value(); }, says}},
                 says);
  int signal = 0;
  sigwait(&end, &signal);
  elector.leave();
  asks.reset();
  says.print("CLOSED");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Contends until SIGTERM: the owner of partition 0 leads. Prints one line per fact:\n"
      "  <ns of the monotonic clock> <name> <WHAT> [detail]\n"
      "WHAT is STARTED, ACQUIRED (the partition is assigned), LEAD, NOLEAD (when it first and "
      "last\n"
      "led), REVOKED, FENCED (the partition is lost), RESUMED (after a pause of the process:\n"
      "milliseconds, and how many of its first 1000 questions were answered \"I lead\") or "
      "CLOSED.\n"
      "When an option is given twice, the last one counts."};
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  options o;
  app.add_option("--servers", o.servers, "Kafka's bootstrap servers, host:port,...")->required();
  app.add_option("--topic", o.topic, "The topic, created if it is absent, and the group")
      ->required();
  app.add_option("--name", o.name, "This contender's name")->required();
  app.add_option("--session-ms", o.session_ms, "The group's session timeout [librdkafka's default]")
      ->check(CLI::PositiveNumber);
  app.add_option("--group-heartbeat-ms", o.group_heartbeat_ms,
                 "The group's heartbeat interval [librdkafka's default]")
      ->check(CLI::PositiveNumber);
  app.add_flag("--no-prober", o.no_prober,
               "Do not ask every millisecond who leads, and never say NOLEAD");
  CLI11_PARSE(app, argc, argv);
  try {
    run(o);
  } catch (const std::exception& e) {
    std::cerr << "classic: " << e.what() << '\n';
    return EXIT_FAILURE;
  }
}
