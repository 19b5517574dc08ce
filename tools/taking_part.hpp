// SPDX-License-Identifier: BSL-1.0
// What the commands that take part in an election have in common.
#pragma once

#include <neli/config.hpp>
#include <neli/event.hpp>
#include <neli/stores/kafka.hpp>

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace neli::tools {

struct election_options {
  std::string servers;
  std::string topic;
  int lease_ms = 0;
  std::vector<std::string> properties;
  std::string log_level = "off";
  std::string trace;
};

/// Adds the options to a command. When an option is given twice, the last one counts.
void add_election_options(CLI::App&, election_options&);

/// For the commands that contend.
struct arbitration_options {
  std::string arbitration = "ledger";
  std::string group;
  std::string assignor = "cooperative-sticky";
  int session_ms = 0;
  int group_heartbeat_ms = 0;
};

void add_arbitration_options(CLI::App&, arbitration_options&);

kafka store_of(const election_options&);
kafka store_of(const election_options&, const arbitration_options&);
config config_of(const election_options&, const kafka&, const std::string& name);

/// The detail of a LEADER fact: `<name> <token> [metadata]`, or `none <reason>`.
std::string in_words(const leader_changed&);

}  // namespace neli::tools
