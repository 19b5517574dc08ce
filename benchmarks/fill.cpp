// SPDX-License-Identifier: BSL-1.0
// Makes a ledger with a long past in a short time: the records that a leader would have written in
// days.
#include "core/record.hpp"
#include "create_topic.hpp"
#include "plain_kafka.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <iostream>
#include <string>

namespace {

using namespace neli::benchmarks;
namespace core = neli::core;

struct options {
  std::string servers;
  std::string topic;
  std::string role = "leader";
  std::uint64_t records = 0;
  int lease_ms = 1000;
};

/// One leader's claim and its heartbeats.
void fill(const options& o) {
  const properties p{{"bootstrap.servers", o.servers},
                     {"queue.buffering.max.messages", "1000000"},
                     {"enable.idempotence", "true"},
                     {"linger.ms", "20"}};
  create_topic(o.servers, o.topic);
  producer log{p, o.topic};
  const core::author by{"00000000-0000-4000-8000-000000000000", "host-1.example:service:1234", "",
                        std::chrono::milliseconds{o.lease_ms}};
  constexpr core::token term = 1'700'000'000'000;
  log.append(core::encode(core::claim{o.role, by, term, core::before_first}));
  for (std::uint64_t n = 1; n < o.records; ++n) {
    const auto read = static_cast<core::offset>(n - 1);
    log.append(core::encode(core::heartbeat{by, n, read, {{o.role, term, {}}}}));
  }
  log.await_reports();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Writes what a leader that has crashed since would have: a claim and heartbeats."};
  options o;
  app.add_option("--servers", o.servers, "Kafka's bootstrap servers, host:port,...")->required();
  app.add_option("--topic", o.topic, "Empty, or absent: then it is made")->required();
  app.add_option("--records", o.records, "How many")->required();
  app.add_option("--role", o.role, "Of which role [leader]");
  app.add_option("--lease-ms", o.lease_ms, "[1000]");
  CLI11_PARSE(app, argc, argv);
  try {
    fill(o);
  } catch (const std::exception& e) {
    std::cerr << "fill: " << e.what() << "\n";
    return 1;
  }
}
