// SPDX-License-Identifier: BSL-1.0
#include "config/validate.hpp"

#include "config/environment.hpp"
#include "config/names.hpp"
#include "core/record.hpp"
#include <neli/error.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

namespace neli {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

[[noreturn]] void refuse(const std::string& field, const std::string& value,
                         const std::string& rule) {
  throw config_error{field, value, rule};
}

std::string text(milliseconds ms) { return std::to_string(ms.count()) + "ms"; }

void within(const std::string& field, milliseconds value, milliseconds least, milliseconds most,
            const std::string& why = {}) {
  if (value < least || value > most)
    refuse(field, text(value), "must be from " + text(least) + " to " + text(most) + why);
}

/// What is written to the ledger must be readable there.
void utf8(const std::string& field, const std::string& value) {
  if (!is_utf8(value)) refuse(field, value, "must be valid UTF-8");
}

void bytes(const std::string& field, const std::string& value, std::size_t least,
           std::size_t most) {
  if (value.size() < least || value.size() > most)
    refuse(field, value.size() > 80 ? value.substr(0, 80) + "..." : value,
           "must be " + std::to_string(least) + " to " + std::to_string(most) + " bytes, is " +
               std::to_string(value.size()));
  utf8(field, value);
}

constexpr std::size_t most_roles = 500;

void topic_name(const std::string& field, const std::string& value) {
  bytes(field, value, 1, longest_topic);
  if (!std::all_of(value.begin(), value.end(), fits_a_topic) || value == "." || value == "..")
    refuse(field, value, "must consist of ASCII letters, digits, '.', '_' and '-'");
}

void check_timing(const config& c) {
  within("lease", c.lease, 200ms, 10min);
  within("heartbeat_period", c.heartbeat_period, 10ms, c.lease / 3, ", a third of lease");
  within("barrier_timeout", c.barrier_timeout, 1ms, 10min);
  if (!(c.clock_drift >= 0 && c.clock_drift <= 0.1))
    refuse("clock_drift", std::to_string(c.clock_drift), "must be from 0 to 0.1");
}

void check_group(const config& c) {
  bytes("leader_group_id", c.leader_group_id, 1, longest_group);
  within("group_heartbeat_interval", c.group_heartbeat_interval, 10ms, c.session_timeout / 3,
         ", a third of session_timeout");
  within("session_timeout", c.session_timeout, 100ms, 10min);
  if (c.roles.size() > most_roles)
    refuse("roles", std::to_string(c.roles.size()) + " of them",
           "must be at most " + std::to_string(most_roles));
  for (const auto& role : c.roles) {
    bytes("roles", role, 1, core::largest_text);
    if (std::count(c.roles.begin(), c.roles.end(), role) > 1)
      refuse("roles", role, "must be named once");
  }
}

void check_enums(const config& c) {
  if (to_string(c.arbitration) == "?")
    refuse("arbitration", std::to_string(static_cast<int>(c.arbitration)),
           "must be group or ledger");
  if (to_string(c.assignor) == "?")
    refuse("assignor", std::to_string(static_cast<int>(c.assignor)),
           "must be cooperative_sticky or range");
}

}  // namespace

config complete(config c) {
  // One role must not share a group with another that does not know of it.
  const bool alone = c.roles.empty() && c.role != config{}.role;
  if (c.leader_group_id.empty())
    c.leader_group_id =
        alone ? derived_group(program_name(), c.role) : derived_topic(program_name());
  if (c.roles.empty()) c.roles = {c.role};
  if (c.leader_topic.empty()) c.leader_topic = derived_topic(program_name());
  if (c.name.empty()) c.name = derived_name(host_name(), program_name(), process_number());
  if (c.heartbeat_period == 0ms) c.heartbeat_period = c.lease / 4;
  if (!c.logger) c.logger = spdlog::default_logger();

  check_enums(c);
  check_role(c.role);
  bytes("name", c.name, 1, core::largest_text);
  check_metadata(c.metadata);
  topic_name("leader_topic", c.leader_topic);
  check_timing(c);
  if (c.arbitration == arbitration::group) check_group(c);
  return c;
}

void check_role(const std::string& role) { bytes("role", role, 1, core::largest_text); }

void check_contender(const config& c, const std::string& role) {
  check_role(role);
  const bool known = std::find(c.roles.begin(), c.roles.end(), role) != c.roles.end();
  if (c.arbitration == arbitration::group && !known)
    refuse("role", role, "must be one of config::roles in group arbitration");
}

void check_not_negative(const std::string& field, milliseconds value) {
  if (value < 0ms) refuse(field, text(value), "must not be negative");
}

void check_lead_options(const lead_options& o, milliseconds lease) {
  within("margin", o.margin, 0ms, lease / 2, ", half the lease");
  check_not_negative("back_off", o.back_off);
  if (o.longest_back_off < o.back_off)
    refuse("longest_back_off", text(o.longest_back_off),
           "must be at least back_off, " + text(o.back_off));
}

void check_metadata(const std::string& metadata) {
  bytes("metadata", metadata, 0, core::largest_metadata);
}

core::settings settings_of(const config& c) {
  return {c.arbitration,
          c.lease,
          c.heartbeat_period,
          c.barrier_timeout,
          c.lease / 10,
          core::drift{static_cast<std::uint32_t>(std::lround(c.clock_drift * 1e6))}};
}

}  // namespace neli
