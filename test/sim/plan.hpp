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

/// What may happen: mean numbers a second, or probabilities at each occasion.
struct faults {
  // --- processes, each, a second ---
  double pause = 0.2;  ///< stands still for up to three leases, wherever it is just then
  double crash = 0.1;
  double suspend = 0.02;  ///< like a pause, and its timers stand still too
  // --- their users, each, a second ---
  double resign = 0.3;
  double close = 0.1;
  double destroy = 0.05;  ///< a candidate, without closing it
  double fiddle = 0.3;    ///< pulse, lead, cancel, describe, follow
  // --- steps of a process ---
  double stall = 0.0002;    ///< a pause that begins after this very step,
  double preempt = 0.0002;  ///< or in the midst of it
  // --- barriers and tasks ---
  double slow_barrier = 0.05;      ///< takes longer than it may
  double deaf_barrier = 0.3;       ///< a slow one does not heed its cancellation
  double throwing_barrier = 0.05;  ///< or task
  // --- the network ---
  double lose_append = 0.01;  ///< never arrives
  double lose_ack = 0.01;     ///< arrives, and its author is told that it failed
  double duplicate = 0.005;   ///< arrives twice
  double overtaken = 0.01;    ///< the producer is made anew: what it had sent arrives after others
  double slow_append = 0.02;  ///< takes up to two leases
  double slow_read = 0.02;    ///< as long to a reader
  double cut_off = 0.1;       ///< a process, a second: neither reads nor appends for some time
  double lose_place = 0.05;   ///< likewise: is told that what it is to read next is gone
  // --- the ledger, a second ---
  double truncate = 0.005;   ///< old records vanish
  double recreate = 0.05;    ///< it is made anew, empty
  double noise = 1.0;        ///< records that are none, and those of other roles
  double other_clock = 0.3;  ///< another broker's, which is up to a lease ahead or behind
  // --- the group ---
  double rebalance = 0.1;  ///< a second: roles are spread anew
  double late_loss = 0.3;  ///< a member that was thrown out learns it late
  // --- at the moments when something is decided ---
  double aimed = 0.03;  ///< some of what happens here happens there, within milliseconds
};

/// What docs/guarantees.md assumes, and what a world may break to see what comes of it.
struct assumptions {
  double rates_apart = 2 * drift;     ///< of any two clocks, at most
  double acknowledged_lost = 0;       ///< a second: the ledger forgets its last records
  bool records_stay = true;           ///< for more than a few leases
  bool new_ledger_is_noticed = true;  ///< also by who had read less of the old one than the new has
};

/// How candidates and followers are made: of the bare core, or of all that an application has but
/// Kafka.
enum class make { core, shell, mixed };
/// Who has the right to claim.
enum class rule { ledger, group, mixed };

/// One world.
struct plan {
  std::uint64_t seed = 1;
  sim::make make = make::core;
  sim::rule rule = rule::ledger;
  std::size_t candidates = 3;
  std::size_t followers = 1;
  std::vector<std::string> roles{"leader"};
  bool short_tails = false;
  bool ledger_has_a_name = false;  ///< another one when it is made anew, and readers are told
  std::chrono::seconds faulty{60};
  std::chrono::seconds quiet{10};
  sim::faults faults;
  sim::assumptions assumptions;
  std::filesystem::path traces;  ///< a folder for one of each process, or nothing
};

/// The world of a seed. Each has its own mix of faults: what would hardly happen among many others
/// happens often in one that has few.
plan draw(std::uint64_t seed, make, rule);

}  // namespace neli::sim
