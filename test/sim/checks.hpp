// SPDX-License-Identifier: BSL-1.0
// The promises of docs/guarantees.md. The checks are told what was seen and which process was told
// what. They know nothing of the world, so that tests can give them histories that break the
// promises.
#pragma once

#include "sim/dice.hpp"
#include <neli/event.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace neli::sim {

using token = std::uint64_t;

class checks {
 public:
  /// How long a role may be without a leader once there are no faults.
  static constexpr real longest_vacancy = std::chrono::seconds{8};
  /// How much one process may write within any second, with all its roles.
  static constexpr std::size_t most_records_a_second = 50;
  static constexpr std::size_t most_claims_a_second = 25;

  explicit checks(std::function<void(const std::string&)> on_first)
      : on_first_{std::move(on_first)} {}

  /// The first promise that was broken.
  const std::optional<std::string>& first() const { return first_; }
  void broken(const std::string& what);

  // --- as seen from outside ---

  /// All processes that lead the role at one instant.
  void lead(const std::string& role, const std::vector<std::string>& nodes);
  void leads(const std::string& role, const std::string& node, token);
  /// Whether a process leads, at a time without obstacles.
  void attended(const std::string& role, bool led, real now);
  /// At this time there are obstacles.
  void excused(const std::string& role, real now) { vacant_since_[role] = now; }

  // --- what is in the ledger ---

  void claimed(const std::string& role, const std::string& node, token);
  /// From now on readers may take different processes for the holder of one term, as records that
  /// tell have vanished.
  void ledger_forgets() { forgetful_ = true; }
  /// The ledger has lost what it had acknowledged: new terms may have lower numbers, and readers
  /// that were told of higher ones are not told of them.
  void tokens_begin_anew() {
    last_led_.clear();
    tokens_lost_ = true;
  }
  bool tokens_lost() const { return tokens_lost_; }

  // --- hand-overs ---

  /// The term's lease runs at least until then, unless it is given up in order.
  void renewed(const std::string& role, const std::string& node, token, real until);
  /// Work has begun for which an orderly end of the term waits.
  void begins(const std::string& role, const std::string& node, token);
  void ends(const std::string& role, const std::string& node, token);
  /// The same for a task that ends as soon as it is cancelled, and so before the lease has passed.
  /// `excused`: it could not, for example because the process stood still.
  void works(const std::string& role, const std::string& node, token,
             std::function<bool()> excused);
  void has_worked(const std::string& role, const std::string& node);
  /// A process that stood still may tell of this long after its term.
  void acquires(const std::string& role, const std::string& node, token, real now);

  /// The process is dead, and others know that: nobody waits for its leases or its work.
  void died(const std::string& node);

  // --- what readers are told ---

  void told_of_leader(const std::string& role, const std::string& reader, const leader_info&);

  // --- how much one process writes ---

  /// The number of records, and of claims among them, within a second.
  void written(const std::string& node, std::size_t records, std::size_t claims);
  std::size_t most_claims() const { return most_claims_; }
  std::size_t most_records() const { return most_records_; }

  std::uint64_t elections() const { return elections_; }
  real longest_gap() const { return longest_gap_; }

 private:
  struct tenure {
    token term = 0;
    std::string node;
  };
  struct work {
    std::string node;
    token term = 0;
  };
  struct task {
    token term = 0;
    std::function<bool()> excused;
  };
  using claim = std::tuple<std::string, std::string, token>;

  void held_by_one(const std::string& role, const std::string& node, token);

  std::function<void(const std::string&)> on_first_;
  std::optional<std::string> first_;
  std::map<std::string, tenure> last_led_;
  std::map<std::string, real> vacant_since_;
  real longest_gap_{};
  std::size_t most_claims_ = 0;
  std::size_t most_records_ = 0;
  std::set<claim> claims_;
  bool forgetful_ = false;
  bool tokens_lost_ = false;
  std::map<std::pair<std::string, token>, std::string> holders_;
  std::map<claim, real> leases_;
  std::map<std::string, std::vector<work>> unfinished_;
  std::map<std::string, std::multimap<std::string, task>> working_;
  std::uint64_t elections_ = 0;
};

/// How fast one process writes.
class pace {
 public:
  pace(checks& c, std::string who) : checks_{c}, who_{std::move(who)} {}

  void appends(real now, bool claim);

 private:
  static std::size_t within_a_second(std::deque<real>&, real now);

  checks& checks_;
  std::string who_;
  std::deque<real> records_;
  std::deque<real> claims_;
};

/// The turns of one candidate's own leadership, in the order it is told.
class turns {
 public:
  /// Readers of events may miss some when they fall behind; barriers miss none.
  enum class misses { some, none };

  turns(checks& c, std::string who, misses m) : checks_{c}, who_{std::move(who)}, misses_{m} {}

  /// Ignores other kinds of events.
  void told(const event&);
  std::optional<token> acquired() const {
    return phase_ == phase::acquired ? std::optional{term_} : std::nullopt;
  }

 private:
  enum class phase { none, acquired, revoked, fenced };

  void acquired(token);
  void ended(token, phase);
  void expect(bool, const std::string& otherwise);

  checks& checks_;
  std::string who_;
  misses misses_;
  phase phase_ = phase::none;
  token term_ = 0;
};

/// What one reader is told of who leads a role.
class reading {
 public:
  reading(checks& c, std::string role, std::string who)
      : checks_{c}, role_{std::move(role)}, who_{std::move(who)} {}

  void told(const leader_changed&);

 private:
  checks& checks_;
  std::string role_;
  std::string who_;
  token highest_ = 0;
};

}  // namespace neli::sim
