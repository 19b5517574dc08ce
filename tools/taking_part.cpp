// SPDX-License-Identifier: BSL-1.0
#include "taking_part.hpp"

#include "store_url.hpp"
#include "trace_to.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>

namespace neli::tools {

void add_election_options(CLI::App& c, election_options& o) {
  c.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  auto* where = c.add_option_group("store");
  where
      ->add_option("--store", o.store,
                   "kafka://, etcd://, consul:// or zookeeper:// and HOST:PORT,...; with TLS\n"
                   "etcd+tls:// and so on. USER:PASSWORD@ before the servers, for Consul TOKEN@;\n"
                   "in the environment nobody else sees it")
      ->envname("NELI_STORE");
  where->add_option("--servers", o.servers, "Short for --store kafka://HOST:PORT,...");
  where->require_option(1);
  c.add_option("--ledger,--topic", o.ledger,
               "The ledger: Kafka's topic, etcd's or Consul's key,\n"
               "ZooKeeper's node")
      ->required();
  c.add_option("--ca-file", o.ca_file, "Who signs the servers' certificates [the system's]");
  c.add_option("--lease-ms", o.lease_ms, "The lease [neli's default]");
  c.add_option("--property", o.properties, "A property of librdkafka's, KEY=VALUE; repeatable")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  c.add_option("--trace", o.trace, "Write a trace to this file, for scripts/trace");
  c.add_option("--log-level", o.log_level,
               "To standard error: debug, info, warn, err or off [off]");
}

namespace {

kafka kafka_of(const std::string& servers, const election_options& e,
               const arbitration_options& o) {
  kafka k{{{"bootstrap.servers", servers}}};
  for (const auto& p : e.properties) {
    const auto at = p.find('=');
    if (at == std::string::npos)
      throw CLI::ValidationError{"--property", "'" + p + "' is not KEY=VALUE"};
    k.properties[p.substr(0, at)] = p.substr(at + 1);
  }
  k.group_id = o.group.empty() ? e.ledger : o.group;
  if (o.arbitration == "group") k.arbitration = arbitration::group;
  if (o.assignor == "range") k.assignor = assignor::range;
  if (o.session_ms) k.session_timeout = std::chrono::milliseconds{o.session_ms};
  if (o.group_heartbeat_ms)
    k.group_heartbeat_interval = std::chrono::milliseconds{o.group_heartbeat_ms};
  return k;
}

}  // namespace

store store_of(const election_options& e, const arbitration_options& o,
               const std::function<void(kafka&)>& rest) {
  const auto url =
      e.store.empty() ? store_url{"kafka", false, {}, {}, e.servers} : parse_store_url(e.store);
  if (url.kind == "kafka") {
    auto k = kafka_of(url.servers, e, o);
    rest(k);
    return k;
  }
  if (o.arbitration != "ledger")
    throw CLI::ValidationError{"--arbitration", "'" + o.arbitration + "' is for Kafka only"};
  if (!e.properties.empty()) throw CLI::ValidationError{"--property", "is for Kafka only"};
  return store_of(url, e.ca_file);
}

config config_of(const election_options& o, const store& where, const std::string& name) {
  config c{.store = where, .ledger = o.ledger, .name = name};
  if (o.lease_ms) c.lease = std::chrono::milliseconds{o.lease_ms};
  if (!o.trace.empty()) c.observer = make_tracer(trace_to(o.trace));
  // To standard error, as standard output is for the facts.
  c.logger = spdlog::stderr_color_mt("neli");
  c.logger->set_level(spdlog::level::from_str(o.log_level));
  return c;
}

void add_arbitration_options(CLI::App& c, arbitration_options& o) {
  c.add_option("--arbitration", o.arbitration, "group or ledger [ledger]")
      ->check(CLI::IsMember({"group", "ledger"}));
  c.add_option("--group", o.group, "The consumer group [the topic's name]");
  c.add_option("--assignor", o.assignor, "cooperative-sticky or range")
      ->check(CLI::IsMember({"cooperative-sticky", "range"}));
  c.add_option("--session-ms", o.session_ms, "The group's session timeout [neli's default]");
  c.add_option("--group-heartbeat-ms", o.group_heartbeat_ms,
               "The group's heartbeat interval [neli's default]");
}

void add_guard_options(CLI::App& c, guard_options& o) {
  c.add_flag("--guard", o.wanted, "If it crashes, another leads without waiting for the lease");
  c.add_option("--guard-at", o.at, "The same, by `neli guard --listen PATH`");
}

std::optional<guard> guard_of(const guard_options& o) {
  if (!o.at.empty()) return guard{.socket = o.at};
  if (o.wanted) return guard{.command = {"/proc/self/exe", "guard"}};
  return std::nullopt;
}

std::string in_words(const leader_changed& c) {
  if (!c.leader) return "none " + std::string{to_string(c.reason)};
  auto words = c.leader->name + " " + std::to_string(c.leader->token);
  if (!c.leader->metadata.empty()) words += " " + c.leader->metadata;
  return words;
}

}  // namespace neli::tools
