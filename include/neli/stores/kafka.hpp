// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/arbitration.hpp>
#include <neli/detail/api.hpp>
#include <neli/store.hpp>

#include <boost/system/error_category.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace neli {

/// How a consumer group spreads partitions over its members.
enum class assignor {
  /// An owner keeps what it has when others come and go: a standby that joins or leaves never
  /// interrupts the leader.
  cooperative_sticky,
  /// Everything is revoked and granted anew whenever a member comes or goes, as goNELI does. Only
  /// for a group that goNELI's processes share: members of both kinds in one group are refused.
  range,
};

NELI_API std::string_view to_string(assignor) noexcept;

/// Apache Kafka as the store: `config::ledger` names the leader topic, whose partition 0 is the
/// ledger. An aggregate; only the brokers have no default:
///
///     neli::config{.store = neli::kafka{.properties = {{"bootstrap.servers", "localhost:9092"}}},
///                  .ledger = "my-app.leader"}
///
/// A topic's name is 1 to 249 ASCII letters, digits, '.', '_' and '-'. Everything is checked when
/// the candidate is made, also by librdkafka; what cannot work throws `config_error`.
struct kafka {
  /// librdkafka's properties for every client that is made, by librdkafka's names. Only
  /// `bootstrap.servers` is required. Those that the election depends on (`group.id`, `acks`,
  /// offsets, commits, assignor, session timing, ...) are neli's and refused here by name.
  std::map<std::string, std::string> properties = {};

  /// Create the leader topic if it does not exist: one partition, or in group arbitration one for
  /// each role; as many replicas as there are brokers but at most three, two of them in sync if
  /// there are three; records that carry the brokers' time and are kept for a day. False: the
  /// candidate ends with `errc::no_ledger` if there is no topic.
  bool create_topic = true;

  /// See `neli::arbitration`. Candidates of both kinds in one election are safe, for moving from
  /// one to the other. The rest of the settings is for group arbitration and is not looked at
  /// without it.
  neli::arbitration arbitration = arbitration::ledger;

  /// The consumer group, 1 to 255 bytes: the same for every process of one election, another for
  /// other `roles`. Empty: the program's name and ".neli", and the role if that is not the default
  /// and there is no other. A hash is added if that is too long.
  std::string group_id = {};

  /// All roles of the group, up to 500, the same in the same order in every process: the owner of
  /// partition i of the leader topic may claim role i. An owner without a candidate for its role
  /// leaves it to those that have one. Empty: `config::role` alone.
  std::vector<std::string> roles = {};

  /// See `neli::assignor`. All members of a group must use the same.
  neli::assignor assignor = assignor::cooperative_sticky;

  /// After how long without a sign of life the group gives a member's role away, 100 ms to 10
  /// minutes. Brokers refuse less than their `group.min.session.timeout.ms`, 6 s unless changed. At
  /// least three `group_heartbeat_interval`s.
  std::chrono::milliseconds session_timeout{6000};

  /// How often members ask the group whether something has changed. A clean hand-over takes about
  /// this long. At least 10 ms, at most a third of `session_timeout`.
  std::chrono::milliseconds group_heartbeat_interval{250};

  NELI_API operator store() const;  // NOLINT(google-explicit-constructor): meant to convert

  /// What a guard is told of these settings, passwords included, and back: the properties only, and
  /// that it creates no topic. None: it is the text of another kind of store.
  NELI_API static std::optional<kafka> from_settings(const std::string&);
};

/// The category of Kafka's own codes (`rd_kafka_resp_err_t`): the brokers' are positive, those of
/// the client library negative.
NELI_API const boost::system::error_category& kafka_category() noexcept;

}  // namespace neli
