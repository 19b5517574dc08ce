// SPDX-License-Identifier: BSL-1.0
// What the commands that take part in an election have in common.
#pragma once

#include <neli/config.hpp>
#include <neli/event.hpp>
#include <neli/stores/kafka.hpp>

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace neli::tools {

struct election_options {
  std::string store;    ///< a URL, or
  std::string servers;  ///< Kafka's
  std::string ca_file;
  std::string ledger;
  int lease_ms = 0;
  std::vector<std::string> properties;
  std::string log_level = "off";
  std::string trace;
};

/// Adds the options to a command. When an option is given twice, the last one counts.
void add_election_options(CLI::App&, election_options&);

/// For the commands that contend. For Kafka only.
struct arbitration_options {
  std::string arbitration = "ledger";
  std::string group;
  std::string assignor = "cooperative-sticky";
  int session_ms = 0;
  int group_heartbeat_ms = 0;
};

void add_arbitration_options(CLI::App&, arbitration_options&);

struct guard_options {
  bool wanted = false;
  std::string at;
};

void add_guard_options(CLI::App&, guard_options&);
std::optional<guard> guard_of(const guard_options&);

/// The store that the options name. `rest` completes Kafka's settings.
store store_of(const election_options&, const arbitration_options&,
               const std::function<void(kafka&)>& rest);
config config_of(const election_options&, const store&, const std::string& name);

/// The detail of a LEADER fact: `<name> <token> [metadata]`, or `none <reason>`.
std::string in_words(const leader_changed&);

}  // namespace neli::tools
