// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/setup.hpp"

#include "config/checks.hpp"
#include "config/environment.hpp"
#include "config/names.hpp"
#include "core/record.hpp"
#include "stores/kafka/ledger.hpp"
#include "stores/kafka/make_client.hpp"
#include "stores/kafka/membership.hpp"
#include "stores/kafka/properties.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace neli {

std::string_view to_string(assignor a) noexcept {
  switch (a) {
    case assignor::cooperative_sticky: return "cooperative-sticky";
    case assignor::range: return "range";
  }
  return "?";
}

kafka::operator store() const {
  return store{std::make_shared<const stores::kafka::setup>(stores::kafka::config{{*this}})};
}

/// A topic that does not exist is the candidates' to create, who know how many roles it is for.
std::optional<kafka> kafka::from_settings(const std::string& text) {
  boost::system::error_code ec;
  const auto parsed = boost::json::parse(text, ec);
  const auto* o = ec ? nullptr : parsed.if_object();
  const auto* kind = o ? o->if_contains("kind") : nullptr;
  if (!kind || *kind != "kafka") return std::nullopt;
  kafka k{.create_topic = false};
  for (const auto& [key, value] : o->at("properties").as_object())
    k.properties[key] = value.as_string();
  return k;
}

}  // namespace neli

namespace neli::stores::kafka {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_topic = 249;
constexpr std::size_t longest_group = 255;
constexpr std::size_t most_roles = 500;

void fill_in(config& c, const std::string& role) {
  // Two roles must not share a group unless each of their processes knows of both.
  const bool alone = c.roles.empty() && role != neli::config{}.role;
  if (c.group_id.empty())
    c.group_id = alone ? derived_group(program_name(), role) : derived_ledger(program_name());
  if (c.roles.empty()) c.roles = {role};
}

void check_topic(const std::string& name) {
  check_text("ledger", name, 1, longest_topic);
  if (!std::all_of(name.begin(), name.end(), is_plain) || name == "." || name == "..")
    refuse("ledger", name,
           "must consist of ASCII letters, digits, '.', '_' and '-', as it is a Kafka topic");
}

void check_enums(const config& c) {
  if (to_string(c.arbitration) == "?")
    refuse("kafka.arbitration", std::to_string(static_cast<int>(c.arbitration)),
           "must be group or ledger");
  if (to_string(c.assignor) == "?")
    refuse("kafka.assignor", std::to_string(static_cast<int>(c.assignor)),
           "must be cooperative_sticky or range");
}

void check_group(const config& c) {
  check_text("kafka.group_id", c.group_id, 1, longest_group);
  check_within("kafka.group_heartbeat_interval", c.group_heartbeat_interval, 10ms,
               c.session_timeout / 3, ", a third of session_timeout");
  check_within("kafka.session_timeout", c.session_timeout, 100ms, 10min);
  if (c.roles.size() > most_roles)
    refuse("kafka.roles", std::to_string(c.roles.size()) + " of them",
           "must be at most " + std::to_string(most_roles));
  for (const auto& role : c.roles) {
    check_text("kafka.roles", role, 1, core::largest_text);
    if (std::count(c.roles.begin(), c.roles.end(), role) > 1)
      refuse("kafka.roles", role, "must be named once");
  }
}

}  // namespace

setup::setup(config c, use u) : config_{std::make_shared<const config>(std::move(c))}, use_{u} {}

std::shared_ptr<const stores::setup> setup::completed(const neli::config& general, use u) const {
  auto c = *config_;
  c.topic = general.ledger;
  c.lease = general.lease;
  c.barrier_timeout = general.barrier_timeout;
  c.logger = general.logger;
  if (u == use::following) c.arbitration = arbitration::ledger;
  fill_in(c, general.role);
  check_enums(c);
  check_topic(c.topic);
  const bool in_group = c.arbitration == arbitration::group;
  if (in_group) check_group(c);
  check_properties(c);
  // The reader and the writer are not tried here, as the ledger makes them at once.
  try_client(client::administrator, c);
  if (in_group) try_client(client::member, c);
  return std::make_shared<const setup>(std::move(c), u);
}

void setup::check_role(const std::string& role) const {
  const auto& roles = config_->roles;
  const bool known = std::find(roles.begin(), roles.end(), role) != roles.end();
  if (config_->arbitration == arbitration::group && !known)
    refuse("role", role, "must be one of kafka.roles in group arbitration");
}

std::string setup::where() const {
  const auto topic = "topic '" + config_->topic + "'";
  return config_->arbitration == arbitration::group
             ? topic + " and group '" + config_->group_id + "'"
             : topic;
}

make_store setup::opener() const {
  return [c = config_, u = use_](const strand& s, stores::ledger::listener& l) {
    store made{std::make_unique<ledger>(c, s, l, u == use::contending), {}};
    if (c->arbitration == arbitration::group)
      made.join = [c](const strand& on, stores::membership::listener& m) {
        return std::make_unique<membership>(c, on, m);
      };
    return made;
  };
}

std::string setup::as_text() const {
  return boost::json::serialize(boost::json::object{
      {"kind", "kafka"}, {"properties", boost::json::value_from(config_->properties)}});
}

std::string derived_group(const std::string& program, const std::string& role) {
  const auto whole = derived_ledger(program) + "." + role;
  return fitted(whole, whole, longest_group);
}

}  // namespace neli::stores::kafka
