// SPDX-License-Identifier: BSL-1.0
// One candidate's way through the terms of one role.
#pragma once

#include "core/barriers.hpp"
#include "core/context.hpp"
#include "core/role_view.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace neli::core {

class candidate {
 public:
  /// The view is the role's, kept up to date by the participant, which owns both.
  candidate(std::string role, context&, const role_view&);
  candidate(const candidate&) = delete;
  candidate& operator=(const candidate&) = delete;

  // --- what was read; the view has read it already ---

  void read(const claim&, verdict);
  /// A term of that author has begun.
  void superseded(const author& by);
  /// An own heartbeat, sent at `sent`, has come back and counted.
  void renewed(token, instant sent);
  void gap();

  // --- what became of the appends ---

  void appended(ticket);
  void append_failed(ticket);

  // --- the membership ---

  void assigned();
  void asked_back();
  void lost();
  /// Whether the group waits for the role to be given back.
  bool owes() const { return group_waits_; }

  // --- the user ---

  void barrier_done(std::uint64_t id) { barriers_.done(id); }
  void resign(milliseconds stand_back);
  void close();
  void fail();

  /// Does what follows from the state and the time. Call it before and after each input. A second
  /// call at the same time changes nothing.
  void advance();
  /// When to call `advance` although nothing else has happened.
  instant deadline() const;

  /// The term that it holds, which heartbeats keep alive; 0: none.
  token held() const { return held_ ? held_->term : 0; }
  /// Whether rules 1 to 4 hold at that instant.
  bool leads_at(instant t) const { return leads() && t < lease_ends(); }
  /// Whether it is giving up a term in order: its barrier runs, or its release is on the way.
  bool giving_up() const { return release_ || (held_ && held_->at == phase::handing_over); }
  /// Whether it would claim if it knew the log's time. Any new record tells that.
  bool asks_the_time() const;
  /// Whether it chooses neither to lead nor to try.
  bool stands_back() const { return !held_ && !claim_ && (closing_ || now() < not_before_); }
  bool closing() const { return closing_; }
  /// The candidate is destroyed. What it had begun may go on.
  void leave_unattended();
  /// Whether it was closed and has given everything up.
  bool finished() const { return finished_; }
  /// What keeps it from leading at this instant; of several waits, the longest.
  hindrance hindered_by() const;
  /// For how long leases of older terms may still run.
  milliseconds waits_for() const;
  /// When it sent the newest record that keeps its term alive.
  instant kept_alive_at() const { return held_ ? held_->sent : never; }

 private:
  enum class phase {
    waiting,       ///< the claim counts; earlier leases must pass first (rule 3)
    entering,      ///< leads; the acquired-barrier runs
    leading,       ///< leads, and says so
    handing_over,  ///< still leads; the revoked-barrier runs
  };
  struct holding {
    token term = 0;
    instant sent;  ///< of its newest record that it has read back: the lease counts from here
    phase at = phase::waiting;
    instant barrier_until = never;
  };
  struct pending_claim {
    token term = 0;
    core::ticket ticket = 0;
    instant sent;
    token against = 0;  ///< the term that was current when it was sent
  };
  struct pending_release {
    core::ticket ticket = 0;
    instant until;  ///< the end of the lease, after which nobody needs the release
  };
  void note_term();
  void come_forward();
  void take_office();
  void lead();
  void hand_over(revocation);
  void fence(fencing);
  void drop_unled();
  void send_claim();
  void send_release(token, instant sent, offset based_on);
  bool may_claim_at(instant) const;
  bool ready_to_claim() const;
  bool lacks_a_number() const;
  token current_number() const { return view_.current() ? view_.current()->term : 0; }
  instant claim_from() const;
  instant vacant_from() const;
  bool another_may_lead() const;
  void tell(event);
  bool leads() const { return held_ && held_->at != phase::waiting; }
  term current_term() const { return {role_, held_->term, lease_ends()}; }
  instant lease_ends() const { return lease_end(held_->sent, context_.settings.lease); }
  instant now() const { return context_.now; }
  void not_before(instant t) { not_before_ = std::max(not_before_, t); }

  std::string role_;
  context& context_;
  const role_view& view_;
  barriers barriers_;

  bool owner_ = false;                  ///< the group has assigned the role to it
  std::optional<pending_claim> claim_;  ///< sent, not read back yet
  std::optional<holding> held_;
  std::optional<pending_release> release_;  ///< sent, outcome not known yet
  bool group_waits_ = false;                ///< for the role to be given back
  bool closing_ = false;
  bool finished_ = false;
  token& highest_;  ///< term ever seen or claimed, also in a ledger that was made anew since
  instant not_before_ = instant::min();
  instant lease_of_the_fenced_ = instant::min();
  instant& unattended_until_;
  std::optional<span> stand_back_;  ///< after the release
  span delay_{};                    ///< before it claims a role whose lease has run out,
  token delay_for_ = 0;             ///< drawn anew for each term
};

}  // namespace neli::core
