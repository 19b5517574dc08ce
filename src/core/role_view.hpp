// SPDX-License-Identifier: BSL-1.0
// One role as a reader of the ledger sees it: the same rules for candidates and followers.
#pragma once

#include "core/lease.hpp"
#include "core/recollection.hpp"
#include "core/record.hpp"
#include <neli/event.hpp>

#include <optional>
#include <string>

namespace neli::core {

/// The current term of a role and who holds it.
struct tenure {
  token term = 0;
  author holder;
  offset last_valid = before_first;  ///< the holder's last record that counted
  bool released = false;
  instant until{};  ///< the first instant at which the holder's lease has surely passed
};

/// Who leads, or why nobody does, as far as this reader can tell.
struct standing {
  std::optional<leader_info> leader;
  vacancy why{};

  friend bool operator==(const standing&, const standing&) = default;
};

/// What a record did to the role.
enum class verdict {
  nothing,   ///< void, or the reader is not synced and may not trust it
  claimed,   ///< a term has begun: by its claim or, where that is missing, by a heartbeat of it
  renewed,   ///< a valid heartbeat
  released,  ///< a valid release
};

class role_view {
 public:
  explicit role_view(drift rho) : rho_{rho} {}

  // --- starting to read ---

  /// Reads anew from `since`. Forgets what was read, except until when leases may run.
  void restart(offset since);
  /// The end was reached and `since` was the log's beginning: what was read is all there is. It
  /// need not be all there was (a topic deleted and made again), so a leader of
  /// before may go on for a lease after `reached`, when the end was first reached.
  void read_all(instant reached, milliseconds lease);
  /// Whether it knows what a reader of the whole log knows. Until then it may trust nothing.
  bool synced() const { return synced_; }

  // --- records, in offset order; those read before change nothing ---

  verdict read(offset, const claim&, basis, instant now);
  verdict read(offset, const heartbeat&, const heartbeat::entry&, basis, instant now);
  verdict read(offset, const release&, basis, instant now);

  // --- what follows from them ---

  const std::optional<tenure>& current() const { return current_; }
  /// The largest term that was claimed or that began, as far as was read; void claims included.
  token highest() const { return highest_; }
  /// The first instant at which every lease but its own has passed, as far as it knows (rule 3).
  instant free_at(const std::string& self) const;
  standing leader_at(instant now) const;
  /// Whether `leader_at` is that; copies nothing.
  bool still(const standing&, instant now) const;
  /// When `leader_at` changes without a record being read.
  instant next_change(instant now) const;

  // --- whose turn it is, by the group ---

  /// The role's owner, by the group, lets others claim it for as long as its lease.
  void left_open(milliseconds lease, instant now) { open_until_ = lease_end(now, lease); }
  bool open_at(instant t) const { return t < open_until_; }

 private:
  std::optional<vacancy> vacant_at(instant now) const;
  bool already_read(offset);
  static bool of_this_log(offset at, offset based_on, basis);
  bool vouches(offset at, offset based_on, basis) const;
  bool sync_by(tenure, offset based_on, basis, milliseconds wait, instant now);
  void begin(tenure, instant now);
  instant over_after(milliseconds wait, instant now) const;
  void must_pass(const author&, instant now);
  bool holds(const std::string& id, token) const;
  bool beyond_current(token) const;

  drift rho_;
  bool synced_ = false;
  offset since_ = 0;
  offset next_ = 0;
  offset last_turn_ = before_first;  ///< the last claim or release read
  std::optional<tenure> current_;
  token highest_ = 0;
  // The ends of leases before the current one, as far as they may still run:
  instant read_waits_ = instant::min();  ///< the leases that this reader has read of itself
  /// The wait taken over from the record that synced this reader; before that, a full lease for
  /// every author seen.
  instant told_wait_ = instant::min();
  instant open_until_ = instant::min();
};

}  // namespace neli::core
