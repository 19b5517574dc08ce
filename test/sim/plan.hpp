// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/config.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace neli::sim {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds lease = 1000ms;
constexpr milliseconds barrier_timeout = 500ms;
constexpr milliseconds session_timeout = 2000ms;
constexpr double drift = 0.01;

/// The faults that may happen: mean numbers a second, or probabilities at each occasion.
struct faults {
  // --- processes, each, a second ---
  double pause = 0.2;  ///< stands still for up to three leases, also in the midst of a step
  double crash = 0.1;
  double suspend = 0.02;  ///< like a pause, but its timers stand still too
  // --- their users, each, a second ---
  double resign = 0.3;
  double close = 0.1;
  double destroy = 0.05;  ///< a candidate, without closing it
  double fiddle = 0.3;    ///< pulse, lead, cancel, describe, follow
  // --- steps of a process ---
  double stall = 0.0002;    ///< a pause that begins after a step
  double preempt = 0.0002;  ///< a pause that begins in the midst of a step
  // --- barriers and tasks ---
  double slow_barrier = 0.05;      ///< takes longer than allowed
  double deaf_barrier = 0.3;       ///< a slow one does not heed its cancellation
  double throwing_barrier = 0.05;  ///< or a task that throws
  // --- the network ---
  double lose_append = 0.01;  ///< never arrives
  double lose_ack = 0.01;     ///< arrives, and its author is told that it failed
  double duplicate = 0.005;   ///< arrives twice
  double overtaken = 0.01;  ///< the producer is made anew: earlier records arrive after later ones
  double slow_append = 0.02;  ///< takes up to two leases
  double slow_read = 0.02;    ///< the same for a reader
  double cut_off = 0.1;       ///< a process, a second: neither reads nor appends for some time
  double lose_place = 0.05;   ///< a process, a second: is told that its next record is gone
  // --- the ledger, a second ---
  double truncate = 0.005;   ///< old records vanish
  double recreate = 0.05;    ///< it is made anew, empty
  double noise = 1.0;        ///< foreign records, and records of other roles
  double other_clock = 0.3;  ///< a change to a broker whose clock is up to a lease ahead or behind
  // --- the register, in place of a ledger ---
  double restore = 0.02;     ///< a second: is away, and comes back as it was some time ago
  double stale_hint = 0.05;  ///< a hint of what it held before, or without cause
  double deaf = 0.01;        ///< an operation does not end when it is cancelled
  // --- the group ---
  double rebalance = 0.1;  ///< a second: roles are spread anew
  double late_loss = 0.3;  ///< a member that was thrown out learns this late
  // --- at the moments when something is decided ---
  double aimed = 0.03;  ///< some of the faults above happen there, within milliseconds
};

/// The assumptions of docs/guarantees.md. A world may break one to show what happens then.
struct assumptions {
  double rates_apart = 2 * drift;      ///< the largest difference of two clocks' rates
  double acknowledged_lost = 0;        ///< a second: the ledger forgets its last records
  bool records_stay = true;            ///< records are kept for more than a few leases
  bool new_ledger_is_noticed = true;   ///< also when it is longer than what was read
  bool restored_after_a_lease = true;  ///< a register's store is away before it is restored
  bool death_is_proved = true;         ///< a guard takes no process that is paused for dead
};

/// Whether candidates and followers consist of the core alone, or of all that an application has
/// except Kafka.
enum class make { core, shell, mixed };
/// Which candidate has the right to claim.
enum class rule { ledger, group, mixed };

/// What keeps the ledger.
enum class keeper { log, cell };

/// One world.
struct plan {
  std::uint64_t seed = 1;
  sim::make make = make::core;
  sim::rule rule = rule::ledger;
  sim::keeper keeper = keeper::log;
  std::size_t candidates = 3;
  std::size_t followers = 1;
  std::vector<std::string> roles{"leader"};
  bool short_tails = false;
  bool ledger_has_a_name =
      false;           ///< readers are told its name, which changes when it is made anew
  double guarded = 0;  ///< the part of the processes that have a guard
  std::chrono::seconds faulty{60};
  std::chrono::seconds quiet{10};
  sim::faults faults;
  sim::assumptions assumptions;
  std::filesystem::path traces;  ///< a folder for a trace of each process, or empty
};

/// The world of a seed. Each world has its own mix of faults: a fault that is rare among many
/// others happens often in a world that has few.
plan draw(std::uint64_t seed, make, rule, keeper = keeper::log);

}  // namespace neli::sim
