// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/properties.hpp"

#include "config/environment.hpp"
#include <neli/error.hpp>

#include <boost/algorithm/string/case_conv.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

namespace neli::stores::kafka {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using properties = std::map<std::string, std::string>;

struct owned_key {
  std::string_view key;
  std::string_view instead;
};

/// Properties that the election depends on, and what to set instead.
constexpr std::array owned_keys{
    owned_key{"group.id", "set group_id"},
    owned_key{"group.instance.id", "an incarnation must not inherit from another"},
    owned_key{"group.protocol", "the lease needs the classic protocol's timing"},
    owned_key{"group.remote.assignor", "set assignor"},
    owned_key{"partition.assignment.strategy", "set assignor"},
    owned_key{"session.timeout.ms", "set session_timeout"},
    owned_key{"heartbeat.interval.ms", "set group_heartbeat_interval"},
    owned_key{"max.poll.interval.ms", "set barrier_timeout, from which it follows"},
    owned_key{"enable.auto.commit", "offsets are not committed"},
    owned_key{"auto.commit.enable", "offsets are not committed"},
    owned_key{"enable.auto.offset.store", "offsets are not stored"},
    owned_key{"auto.offset.reset", "where to read follows from the protocol"},
    owned_key{"enable.partition.eof", "the protocol needs to know the end"},
    owned_key{"isolation.level", "every reader must see the same records"},
    owned_key{"acks", "a lease needs all replicas"},
    owned_key{"request.required.acks", "a lease needs all replicas"},
    owned_key{"enable.idempotence", "records must stay in order"},
    owned_key{"max.in.flight", "records must stay in order"},
    owned_key{"max.in.flight.requests.per.connection", "records must stay in order"},
    owned_key{"transactional.id", "records are not transactional"},
    owned_key{"message.timeout.ms", "it follows from lease"},
    owned_key{"delivery.timeout.ms", "it follows from lease"},
    owned_key{"linger.ms", "a heartbeat does not wait"},
    owned_key{"queue.buffering.max.ms", "a heartbeat does not wait"},
    owned_key{"allow.auto.create.topics", "set create_topic"},
    owned_key{"log.queue", "log lines go to logger"},
};

/// Parts of the names of properties whose values must not appear in a log.
constexpr std::array<std::string_view, 6> secret_parts{"password",           "secret", ".pem",
                                                       "oauthbearer.config", "token",  "jaas"};

bool is_secret(std::string_view key) {
  return std::any_of(secret_parts.begin(), secret_parts.end(),
                     [key](auto part) { return key.find(part) != std::string_view::npos; });
}

constexpr auto hidden = "***";

milliseconds usual_fetch_wait(const config& c) { return std::clamp(c.lease / 4, 50ms, 500ms); }

/// The longest that librdkafka accepts.
constexpr milliseconds longest_socket_timeout = 5min;

/// The first version of librdkafka that doubles its wait from one retry to the next.
constexpr int doubles_waits_since = 0x020300ff;
/// The first version of librdkafka that pushes metrics about its clients to brokers that ask for
/// them.
constexpr int pushes_metrics_since = 0x020500ff;

/// What suits an election better than librdkafka's defaults. The user's values come first.
properties defaults(client kind, const config& c) {
  properties p{
      {"client.id", "neli-" + program_name()},
      {"socket.keepalive.enable", "true"},
      // Otherwise a request that follows another one waits for the acknowledgement of that, which
      // the other end delays by up to 40 ms.
      {"socket.nagle.disable", "true"},
      // An answer that takes longer than a lease is of no use: give up and try again.
      {"socket.timeout.ms",
       ms(std::clamp(c.lease, usual_fetch_wait(c) + 1s, longest_socket_timeout))},
      {"socket.connection.setup.timeout.ms", ms(std::max(c.lease, 1000ms))},
      {"reconnect.backoff.ms", "50"},
      {"reconnect.backoff.max.ms", ms(std::clamp(c.lease / 4, 100ms, 1000ms))},
      {"topic.metadata.refresh.fast.interval.ms", "100"},
      {"log.connection.close", "false"},
  };
  // Without it, librdkafka waits up to a second before it retries an append that was refused for as
  // long.
  if (rd_kafka_version() >= doubles_waits_since && !c.properties.contains("retry.backoff.ms"))
    p["retry.backoff.max.ms"] = "100";
  // Such a client blocks for up to a second when it is destroyed, to push its last metrics.
  if (rd_kafka_version() >= pushes_metrics_since) p["enable.metrics.push"] = "false";
  switch (kind) {
    case client::reader:
      p["fetch.wait.max.ms"] = ms(usual_fetch_wait(c));
      p["fetch.error.backoff.ms"] = "50";
      break;
    case client::writer:
      p["retry.backoff.ms"] = "50";
      p["request.timeout.ms"] = ms(c.lease);
      break;
    case client::member:
      p["fetch.wait.max.ms"] = ms(usual_fetch_wait(c));
      // The coordinator does not answer a member that joins while other members are slow to join.
      p["socket.timeout.ms"] = ms(c.session_timeout + 3s);
      break;
    case client::administrator: break;
  }
  return p;
}

/// What the protocol needs.
properties required(client kind, const config& c) {
  properties p{{"log.queue", "true"}};
  if (kind != client::writer) {
    // The survey asks for the ledger's end at the isolation level at which it is read: with
    // read_committed, a foreign transaction that hangs would hide everything after it.
    p["isolation.level"] = "read_uncommitted";
    p["allow.auto.create.topics"] = "false";
  }
  switch (kind) {
    case client::reader:
      p.insert({{"enable.partition.eof", "true"},
                {"auto.offset.reset", "error"},
                {"enable.auto.offset.store", "false"}});
      break;
    case client::writer:
      p.insert({{"acks", "all"},
                {"enable.idempotence", "true"},
                {"linger.ms", "0"},
                // Otherwise a topic that was deleted comes back with the brokers' default settings.
                {"allow.auto.create.topics", "false"},
                {"message.timeout.ms", ms(c.lease)}});
      break;
    case client::member:
      p.insert({{"group.id", c.group_id},
                {"partition.assignment.strategy", std::string{to_string(c.assignor)}},
                {"session.timeout.ms", ms(c.session_timeout)},
                {"heartbeat.interval.ms", ms(c.group_heartbeat_interval)},
                // A process that neglects its membership for longer than a barrier may take loses
                // the role; a rebalance waits for it for as long.
                {"max.poll.interval.ms", ms(std::max(c.session_timeout, c.barrier_timeout + 1s))},
                {"enable.auto.commit", "false"}});
      break;
    case client::administrator: break;
  }
  return p;
}

std::string field(const std::string& key) { return "kafka.properties[\"" + key + "\"]"; }

/// librdkafka asks for a token by an event that neli does not answer, and crashes when it refreshes
/// its own unsecured tokens (2.0). With `oidc` it fetches tokens by itself.
void check_tokens(const properties& all) {
  const auto value = [&all](const char* key) {
    const auto found = all.find(key);
    return found == all.end() ? std::string{} : boost::algorithm::to_lower_copy(found->second);
  };
  const bool bearer =
      value("sasl.mechanism") == "oauthbearer" || value("sasl.mechanisms") == "oauthbearer";
  if (bearer && value("sasl.oauthbearer.method") != "oidc")
    throw config_error{field("sasl.oauthbearer.method"), value("sasl.oauthbearer.method"),
                       "must be oidc with OAUTHBEARER: no other tokens are supported"};
}

void set(rd_kafka_conf_t& conf, const std::string& key, const std::string& value, const config& c) {
  std::array<char, 512> text{};
  if (rd_kafka_conf_set(&conf, key.c_str(), value.c_str(), text.data(), text.size()) !=
      RD_KAFKA_CONF_OK)
    throw config_error{field(key), is_secret(key) ? hidden : value, redacted(text.data(), c)};
}

}  // namespace

void check_properties(const config& c) {
  for (const auto& [key, value] : c.properties) {
    const auto found = std::find_if(owned_keys.begin(), owned_keys.end(),
                                    [&key = key](const auto& o) { return o.key == key; });
    if (found != owned_keys.end())
      throw config_error{field(key), value, "is neli's to set: " + std::string{found->instead}};
  }
  check_tokens(c.properties);
  const auto servers = c.properties.find("bootstrap.servers");
  if (servers == c.properties.end() || servers->second.empty())
    throw config_error{field("bootstrap.servers"), "",
                       "must name at least one broker, as host:port"};
}

conf_ptr make_conf(client kind, const config& c) {
  conf_ptr made{rd_kafka_conf_new()};
  auto all = c.properties;
  all.merge(defaults(kind, c));
  for (auto& [key, value] : required(kind, c)) all[key] = value;
  for (const auto& [key, value] : all) set(*made, key, value, c);
  return made;
}

milliseconds fetch_wait(const config& c) {
  const auto given = c.properties.find("fetch.wait.max.ms");
  if (given == c.properties.end()) return usual_fetch_wait(c);
  const auto& text = given->second;
  milliseconds::rep n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return milliseconds{n};
}

std::string ms(milliseconds t) { return std::to_string(t.count()); }

std::string redacted(std::string text, const config& c) {
  for (const auto& [key, value] : c.properties) {
    if (value.empty() || !is_secret(key)) continue;
    for (auto at = text.find(value); at != std::string::npos; at = text.find(value, at))
      text.replace(at, value.size(), hidden), at += 3;
  }
  return text;
}

}  // namespace neli::stores::kafka
