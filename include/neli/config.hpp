// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/detail/api.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spdlog {
class logger;
}

namespace neli {

/// Where the right to lead comes from. docs/operations.md helps to choose.
enum class arbitration {
  /// A Kafka consumer group: the member that owns the role's partition of the leader topic may
  /// claim it.
  group = 1,
  /// The ledger itself: candidates wait until the last leader has left or its lease has passed,
  /// and claim; the first claim in the ledger's order wins. No consumer group, no rights for one.
  /// A crash costs the lease, however long a group's session would last.
  ledger = 2,
};

/// How a consumer group spreads partitions over its members.
enum class assignor {
  /// An owner keeps what it has when others come and go: a standby that joins or leaves never
  /// interrupts the leader.
  cooperative_sticky = 1,
  /// Everything is revoked and granted anew whenever a member comes or goes, as goNELI does. Only
  /// for a group that goNELI's processes share: members of both kinds in one group are refused.
  range = 2,
};

NELI_API std::string_view to_string(arbitration) noexcept;
NELI_API std::string_view to_string(assignor) noexcept;

/// What a candidate is to do. An aggregate: name the fields that differ from the defaults,
///
///     neli::config{.kafka = {{"bootstrap.servers", "localhost:9092"}}, .lease = 2s}
///
/// Everything is checked when the candidate is made; what cannot work throws `config_error`.
struct config {
  /// librdkafka's properties for every client that is made, by librdkafka's names. Only
  /// `bootstrap.servers` is required. Those that the election depends on (`group.id`, `acks`,
  /// offsets, commits, assignor, session timing, ...) are neli's and refused here by name.
  std::map<std::string, std::string> kafka = {};

  /// Group arbitration: the consumer group, 1 to 255 bytes: the same for every process of one
  /// election, another for other `roles`. Empty: the program's name and ".neli", and the role if
  /// that is not the default and there is no other. A hash is added if that is too long.
  std::string leader_group_id = {};

  /// The topic that is the ledger; its partition 0 is used. Every process that takes part in one
  /// election must name the same. Up to 249 ASCII letters, digits, '.', '_' and '-'. Empty: the
  /// program's name and ".neli", with '_' for what may not be in it, and cut if it is too long.
  std::string leader_topic = {};

  /// What is led: 1 to 255 bytes of UTF-8. Candidates for different roles may share a topic.
  std::string role = "leader";

  /// Group arbitration: all roles of the group, up to 500, the same in the same order in every
  /// process: the owner of partition i of the leader topic may claim role i. An owner without a
  /// candidate for its role leaves it to those that have one. Empty: `role` alone.
  std::vector<std::string> roles = {};

  /// This process's name for people, in logs and in `leader_info`. Up to 255 bytes of UTF-8.
  /// Empty: host, program and process number, each shortened if need be.
  std::string name = {};

  /// What other candidates shall know of this one, an address for instance. Up to 4096 bytes of
  /// UTF-8, written with every heartbeat.
  std::string metadata = {};

  /// See `neli::arbitration`. Candidates of both kinds in one election are safe, for moving from
  /// one to the other.
  neli::arbitration arbitration = arbitration::ledger;

  /// Group arbitration: see `neli::assignor`. All members of a group must use the same.
  neli::assignor assignor = assignor::cooperative_sticky;

  /// How long a leader may act on one heartbeat: 200 ms to 10 minutes. The same for every process
  /// of an election; it is also how long one that finds an empty ledger waits. A leader that is cut
  /// off or paused for longer is fenced; one that crashes is replaced after this time or, in group
  /// arbitration, after `session_timeout` if that is longer.
  std::chrono::milliseconds lease{3000};

  /// How often a leader writes a heartbeat: at most a third of `lease`, so that a lost one costs
  /// nothing, and at least 10 ms. Zero: a quarter of `lease`.
  std::chrono::milliseconds heartbeat_period{0};

  /// How exactly clocks run, 0 to 0.1: the rates of any two machines' clocks differ by a factor of
  /// at most `1 + 2 * clock_drift`. A new leader waits longer than its predecessor's lease by as
  /// much. The time of day need not agree. That clocks also go on while a process or its machine is
  /// paused is assumed too: docs/guarantees.md.
  double clock_drift = 0.01;

  /// How long a barrier may take, 1 ms to 10 minutes. One that takes longer is cancelled and the
  /// candidate fenced. In group arbitration this is also how long Kafka is made to hold a
  /// rebalance; and a process whose event loop hangs keeps the role's partition, though not its
  /// leadership, for a second more than this, or for `session_timeout` if that is longer.
  std::chrono::milliseconds barrier_timeout{5000};

  /// Group arbitration: after how long without a sign of life the group gives a member's role
  /// away, 100 ms to 10 minutes. Brokers refuse less than their `group.min.session.timeout.ms`, 6 s
  /// unless changed. At least three `group_heartbeat_interval`s.
  std::chrono::milliseconds session_timeout{6000};

  /// Group arbitration: how often members ask the group whether something has changed. A clean
  /// hand-over takes about this long. At least 10 ms, at most a third of `session_timeout`.
  std::chrono::milliseconds group_heartbeat_interval{250};

  /// Create the leader topic if it does not exist: one partition, or in group arbitration one for
  /// each role; as many replicas as there are brokers but at most three, two of them in sync if
  /// there are three; records that carry the brokers' time and are kept for a day. False: the
  /// candidate ends with `errc::no_topic` if there is no topic.
  bool create_topic = true;

  /// Where log lines go, librdkafka's too. Thread-safe if several threads run the executor. Null:
  /// spdlog's default logger. For silence see `neli::no_logger()`.
  std::shared_ptr<spdlog::logger> logger = {};

  /// Takes a trace: one line of JSON for each step of the election, with all that came in, when,
  /// and all that was done about it. `scripts/trace` checks it against the protocol. Called one
  /// line after the other, on a thread that runs the executor; must be quick and must not throw.
  std::function<void(std::string_view line)> trace = {};
};

}  // namespace neli
