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
  /// The view is the role's, kept up to date by whoever owns both.
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

  /// Does all that follows from the state and the time. To be called before and after each input;
  /// once more changes nothing.
  void advance();
  /// When to call `advance` although nothing else has happened.
  instant deadline() const;

  /// The term to be kept alive by heartbeats, or 0.
  token held() const { return held_ ? held_->term : 0; }
  /// Whether rules 1 to 4 hold at that instant.
  bool leads_at(instant t) const { return leads() && t < lease_ends(); }
  /// Whether a term is being given up, in order, and that is not over yet.
  bool giving_up() const { return release_ || (held_ && held_->at == phase::handing_over); }
  /// Whether it would claim, but for the log's time, which any record tells.
  bool asks_the_time() const;
  /// Whether it neither leads nor tries to, by its own choice.
  bool stands_back() const { return !held_ && !claim_ && (closing_ || now() < not_before_); }
  bool closing() const { return closing_; }
  /// It is gone, and what it had begun goes on.
  void leave_unattended();
  /// Whether it has been closed, and everything has been given up.
  bool finished() const { return finished_; }
  /// How long leases older than that term may still run.
  milliseconds waits_for() const;
  /// When the newest record was sent that keeps it alive.
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
    instant sent;  ///< of the newest own record that was read back: the lease counts from here
    phase at = phase::waiting;
    instant barrier_until = never;
  };
  struct pending_claim {
    token term = 0;
    core::ticket ticket = 0;
    instant sent;
    token against = 0;  ///< the term that was current
  };
  struct pending_release {
    core::ticket ticket = 0;
    instant until;  ///< the lease has passed by then, and nobody needs the release
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

  bool owner_ = false;                  ///< by the group
  std::optional<pending_claim> claim_;  ///< sent, not read back yet
  std::optional<holding> held_;
  std::optional<pending_release> release_;  ///< sent, outcome not known yet
  bool group_waits_ = false;                ///< for the answer to a revocation
  bool closing_ = false;
  bool finished_ = false;
  token& highest_;  ///< ever seen or claimed, also through a ledger that was made anew
  instant not_before_ = instant::min();
  instant lease_of_the_fenced_ = instant::min();
  instant& unattended_until_;
  std::optional<span> stand_back_;  ///< after the release
  span delay_{};                    ///< before claiming what has become vacant without a release,
  token delay_for_ = 0;             ///< drawn anew for each term
};

}  // namespace neli::core
