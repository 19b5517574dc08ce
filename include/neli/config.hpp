// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/guard.hpp>
#include <neli/observer.hpp>
#include <neli/store.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace spdlog {
class logger;
}

namespace neli {

/// What a candidate is to do. An aggregate: name the fields that differ from the defaults,
///
///     neli::config{.store = neli::kafka{.properties = {{"bootstrap.servers", "localhost:9092"}}},
///                  .ledger = "my-app.leader", .lease = 2s}
///
/// Everything is checked when the candidate is made; what cannot work throws `config_error`.
struct config {
  /// Which store keeps the ledger: the only field that is required. See `neli::kafka`.
  neli::store store = {};

  /// The ledger's name in its store: Kafka's topic. Every process that takes part in one election
  /// must name the same. Each kind of store says what names it takes. Empty: the program's name and
  /// ".neli", with '_' for what is no ASCII letter, digit, '.', '_' or '-', and cut if it is too
  /// long.
  std::string ledger = {};

  /// What is led: 1 to 255 bytes of UTF-8. Candidates for different roles may share a ledger.
  std::string role = "leader";

  /// This process's name for people, in logs and in `leader_info`. Up to 255 bytes of UTF-8.
  /// Empty: host, program and process number, each shortened if need be.
  std::string name = {};

  /// What other candidates shall know of this one, an address for instance. Up to 4096 bytes of
  /// UTF-8, written with every heartbeat.
  std::string metadata = {};

  /// How long a leader may act on one heartbeat: 200 ms to 10 minutes. The same for every process
  /// of an election; it is also how long one that finds an empty ledger waits. A leader that is cut
  /// off or paused for longer is fenced; one that crashes is replaced after this time or, in group
  /// arbitration, after `kafka::session_timeout` if that is longer.
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
  /// leadership, for a second more than this, or for `kafka::session_timeout` if that is longer.
  std::chrono::milliseconds barrier_timeout{5000};

  /// Where log lines go, its store's too. Thread-safe if several threads run the executor. Null:
  /// spdlog's default logger. For silence see `neli::no_logger()`.
  std::shared_ptr<spdlog::logger> logger = {};

  /// Sees each step of the election and what the store does, for metrics and traces. Null: none.
  std::shared_ptr<neli::observer> observer = {};

  /// A process that releases what this one holds when it crashes, so that the next leader need not
  /// wait for the lease. None: the lease decides. See `neli::guard`.
  std::optional<neli::guard> guard = {};
};

}  // namespace neli
