// SPDX-License-Identifier: BSL-1.0
#include "core/candidate.hpp"

#include <algorithm>
#include <utility>

namespace neli::core {

candidate::candidate(std::string role, context& c, const role_view& v)
    : role_{role},
      context_{c},
      view_{v},
      barriers_{std::move(role), c},
      highest_{c.highest[role_]},
      unattended_until_{c.unattended_until.try_emplace(role_, instant::min()).first->second} {
  delay_ = c.random_up_to(c.settings.claim_spread);
}

// --- what was read ---

void candidate::superseded(const author& by) {
  if (held_ && by.id != context_.self.id) fence(fencing::superseded);
}

void candidate::read(const claim& c, verdict v) {
  if (v == verdict::claimed) superseded(c.by);
  if (c.by.id != context_.self.id || !claim_ || claim_->term != c.term) return;
  if (v == verdict::claimed)
    held_ = holding{claim_->term, claim_->sent};
  else if (claim_->against == current_number())
    // The claim was void though no other came first: the next one may be void for the same reason.
    not_before(now() + context_.settings.heartbeat_period);
  claim_.reset();
}

void candidate::renewed(token t, instant sent) {
  if (!held_ || held_->term != t || sent <= held_->sent) return;
  held_->sent = sent;
  if (held_->at == phase::leading) lead();
}

void candidate::gap() {
  claim_.reset();
  if (held_) fence(fencing::ledger_gap);
}

// --- what became of the appends ---

void candidate::appended(ticket t) {
  if (release_ && release_->ticket == t) release_.reset();
}

void candidate::append_failed(ticket t) {
  if (release_ && release_->ticket == t) release_.reset();
  if (claim_ && claim_->ticket == t) {
    claim_.reset();
    not_before(now() + context_.settings.heartbeat_period);
  }
}

// --- the membership ---

void candidate::assigned() { owner_ = true; }

void candidate::asked_back() {
  owner_ = false;
  group_waits_ = true;
  if (leads())
    hand_over(revocation::rebalanced);
  else
    drop_unled();
}

void candidate::lost() {
  owner_ = false;
  group_waits_ = false;
  if (leads())
    fence(fencing::assignment_lost);
  else
    drop_unled();
}

// --- the user ---

void candidate::resign(milliseconds stand_back) {
  if (leads()) {
    // A candidate that resigns lets others claim first.
    const auto wait = stand_back + context_.random_up_to(context_.settings.claim_spread);
    stand_back_ = std::max(stand_back_.value_or(wait), wait);
    return hand_over(revocation::resigned);
  }
  const bool strives = held_ || claim_;
  drop_unled();
  if (strives) not_before(now() + stand_back);
}

void candidate::close() {
  closing_ = true;
  if (leads())
    hand_over(revocation::closing);
  else
    drop_unled();
}

void candidate::fail() {
  closing_ = true;
  group_waits_ = false;
  claim_.reset();
  release_.reset();
  if (held_) fence(fencing::failed);
}

// --- what follows from state and time ---

void candidate::advance() {
  if (held_ && now() >= lease_ends()) fence(fencing::lease_expired);
  if (held_ && now() >= held_->barrier_until) fence(fencing::barrier_timeout);
  if (claim_ && now() >= lease_end(claim_->sent, context_.settings.lease)) claim_.reset();
  if (release_ && now() >= release_->until) release_.reset();
  if (barriers_.advance()) unattended_until_ = std::max(unattended_until_, lease_of_the_fenced_);
  note_term();
  if (held_ && barriers_.idle()) come_forward();
  if (held_ || release_) return;

  if (std::exchange(group_waits_, false)) context_.act(action::give_back{role_});
  if (closing_) {
    if (barriers_.idle() && !std::exchange(finished_, true)) context_.act(action::finished{role_});
    return;
  }
  if (now() >= claim_from()) send_claim();
}

instant candidate::deadline() const {
  auto next = std::min(barriers_.deadline(), claim_from());
  if (claim_) next = std::min(next, lease_end(claim_->sent, context_.settings.lease));
  if (release_) next = std::min(next, release_->until);
  if (held_) next = std::min({next, lease_ends(), held_->barrier_until});
  if (held_ && held_->at == phase::waiting) next = std::min(next, view_.free_at(context_.self.id));
  return next;
}

void candidate::note_term() {
  const auto current = current_number();
  highest_ = std::max(highest_, view_.highest());
  if (delay_for_ == current) return;
  delay_for_ = current;
  delay_ = context_.random_up_to(context_.settings.claim_spread);
}

/// Goes one phase further with the term that it holds, now that no barrier runs.
void candidate::come_forward() {
  switch (held_->at) {
    case phase::waiting:
      if (now() >= view_.free_at(context_.self.id)) take_office();
      break;
    case phase::entering:
      held_->at = phase::leading;
      held_->barrier_until = never;
      lead();
      break;
    case phase::leading: break;
    case phase::handing_over:
      send_release(held_->term, held_->sent, context_.read_up_to);
      held_.reset();
      if (auto wait = std::exchange(stand_back_, std::nullopt)) not_before(now() + *wait);
      break;
  }
}

void candidate::take_office() {
  held_->at = phase::entering;
  held_->barrier_until = now() + context_.settings.barrier_timeout;
  const event e = leader_acquired{current_term()};
  tell(e);
  barriers_.run(e);
}

void candidate::lead() { context_.act(action::lead{role_, held_->term, lease_ends()}); }

void candidate::hand_over(revocation why) {
  if (held_->at == phase::handing_over) return;
  if (held_->at == phase::leading) context_.act(action::stop_leading{role_});
  held_->at = phase::handing_over;
  held_->barrier_until = now() + context_.settings.barrier_timeout;
  const event e = leader_revoked{current_term(), why};
  tell(e);
  barriers_.run(e);
}

/// Leadership is over. It sends no release: nothing has waited for the work of the term, so only
/// the rest of the lease protects that work.
void candidate::fence(fencing why) {
  const auto was = current_term();
  lease_of_the_fenced_ = lease_ends();
  const auto at = std::exchange(held_, std::nullopt)->at;
  stand_back_.reset();
  if (at == phase::waiting) return;
  if (at == phase::leading) context_.act(action::stop_leading{role_});
  if (why == fencing::barrier_timeout) not_before(now() + 2 * context_.settings.lease);
  const event e = leader_fenced{was, why};
  tell(e);
  barriers_.run(e);
}

/// Gives up a term that it has not led yet, or a claim. No candidate needs to wait for either.
void candidate::drop_unled() {
  if (held_) send_release(held_->term, held_->sent, context_.read_up_to);
  // The claim may never be read, so its withdrawal vouches for nothing.
  if (claim_) send_release(claim_->term, claim_->sent, before_first);
  held_.reset();
  claim_.reset();
}

void candidate::send_claim() {
  // Beyond every term ever seen; and, by the log's time, beyond terms that no record tells of any
  // more.
  const auto number = highest_ = std::max(highest_, context_.log_time.at(now())) + 1;
  const auto t = context_.append_for(
      role_, claim{role_, context_.signature(), number, context_.read_up_to, context_.seen});
  claim_ = pending_claim{number, t, now(), current_number()};
}

void candidate::send_release(token number, instant sent, offset based_on) {
  const auto seen = based_on == context_.read_up_to ? context_.seen : 0;
  const auto t = context_.append_for(
      role_, release{role_, context_.self.id, number, based_on, waits_for(), seen});
  release_ = pending_release{t, lease_end(sent, context_.settings.lease)};
}

instant candidate::claim_from() const {
  if (!ready_to_claim() || lacks_a_number()) return never;
  // A candidate that takes over from this process's next term does not wait for the lease of its
  // last one.
  const auto from = std::max({not_before_, unattended_until_, vacant_from()});
  return may_claim_at(std::max(from, now())) ? from : never;
}

hindrance candidate::hindered_by() const {
  if (held_ && held_->at == phase::leading) return hindrance::none;
  if (closing_) return hindrance::closing;
  if (held_) return held_->at == phase::waiting ? hindrance::lease : hindrance::barrier;
  if (!barriers_.idle()) return hindrance::barrier;
  if (release_) return hindrance::releasing;
  if (claim_) return hindrance::claiming;
  if (!view_.synced()) return hindrance::not_synced;
  if (!context_.at_end) return hindrance::behind;
  if (another_may_lead()) return hindrance::another_leads;
  if (!may_claim_at(now())) return hindrance::not_owner;
  if (lacks_a_number()) return hindrance::no_time;
  const auto vacant = vacant_from();
  if (not_before_ >= std::max(unattended_until_, vacant)) return hindrance::stands_back;
  return unattended_until_ >= vacant ? hindrance::abandoned_work : hindrance::lease;
}

bool candidate::another_may_lead() const {
  const auto& last = view_.current();
  return last && !last->released && last->holder.id != context_.self.id && now() < last->until;
}

void candidate::leave_unattended() {
  if (held_) lease_of_the_fenced_ = lease_ends();
  if (held_ || !barriers_.idle())
    unattended_until_ = std::max(unattended_until_, lease_of_the_fenced_);
}

bool candidate::ready_to_claim() const {
  const bool busy = closing_ || held_ || claim_ || release_ || !barriers_.idle();
  return !busy && context_.at_end && view_.synced();
}

/// Whether the role may have had terms of which the log keeps nothing, and whose numbers it may not
/// use again.
bool candidate::lacks_a_number() const { return !view_.current() && !context_.log_time_is_new; }

bool candidate::asks_the_time() const {
  return ready_to_claim() && lacks_a_number() && may_claim_at(now());
}

/// In a group only the owner may claim, unless it leaves the role open.
bool candidate::may_claim_at(instant t) const {
  return context_.settings.arbitration == arbitration::ledger || owner_ || view_.open_at(t);
}

milliseconds candidate::waits_for() const {
  const auto left = view_.free_at(context_.self.id);
  if (left <= now()) return milliseconds{0};
  // With the allowance for drift it may exceed the longest wait that a record can carry.
  return std::min(std::chrono::ceil<milliseconds>(left - now()), longest_wait);
}

/// The instant from which a claim interrupts no leader.
instant candidate::vacant_from() const {
  const auto& last = view_.current();
  const bool over = last && (last->released || last->holder.id == context_.self.id);
  return over ? instant::min() : view_.free_at(context_.self.id) + delay_;
}

void candidate::tell(event e) { context_.act(action::emit{role_, std::move(e)}); }

}  // namespace neli::core
