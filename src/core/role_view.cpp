// SPDX-License-Identifier: BSL-1.0
#include "core/role_view.hpp"

#include <algorithm>
#include <utility>

namespace neli::core {

void role_view::restart(offset since) {
  if (synced_) read_waits_ = free_at({});
  synced_ = false;
  since_ = next_ = since;
  last_turn_ = before_first;
  current_.reset();
}

void role_view::read_all(instant reached, milliseconds lease) {
  if (synced_) return;
  synced_ = true;
  read_waits_ = std::max(read_waits_, surely_over(reached, lease, rho_));
}

verdict role_view::read(offset at, const claim& c, basis b, instant now) {
  if (already_read(at)) return verdict::nothing;
  highest_ = std::max(highest_, c.term);
  last_turn_ = at;
  // Compare-and-swap by log order: the claimant must have seen all that the holder wrote.
  const bool effective = of_this_log(at, c.based_on, b) && beyond_current(c.term) &&
                         (!current_ || c.based_on >= current_->last_valid);
  if (!synced_) must_pass(c.by, now);
  if (effective) begin({c.term, c.by, at}, now);
  return effective && synced_ ? verdict::claimed : verdict::nothing;
}

verdict role_view::read(offset at, const heartbeat& h, const heartbeat::entry& e, basis b,
                        instant now) {
  if (already_read(at)) return verdict::nothing;
  if (!synced_) must_pass(h.by, now);
  // A reader is nearly always synced, and then nothing needs to be copied.
  const bool vouches = !synced_ && sync_by({e.term, h.by, at}, h.based_on, b, e.wait, now);
  // A candidate keeps a term alive only if its claim counted: so that claim is missing from what
  // was read.
  const bool unheard_of =
      beyond_current(e.term) || (e.term == current_->term && h.by.id != current_->holder.id);
  if (unheard_of) begin({e.term, h.by, at}, now);
  if (!holds(h.by.id, e.term)) return verdict::nothing;
  current_->holder = h.by;
  current_->last_valid = at;
  current_->until = surely_over(now, h.by.lease, rho_);
  if (!synced_) return verdict::nothing;
  told_wait_ = std::min(told_wait_, over_after(e.wait, now));
  return unheard_of || vouches ? verdict::claimed : verdict::renewed;
}

verdict role_view::read(offset at, const release& r, basis b, instant now) {
  if (already_read(at)) return verdict::nothing;
  sync_by({r.term, {r.id, {}, {}, {}}, at}, r.based_on, b, r.wait, now);
  last_turn_ = at;
  if (!holds(r.id, r.term)) return verdict::nothing;
  current_->released = true;
  current_->last_valid = at;
  return synced_ ? verdict::released : verdict::nothing;
}

instant role_view::free_at(const std::string& self) const {
  const bool led = current_ && !current_->released && current_->holder.id != self;
  return std::max({read_waits_, told_wait_, led ? current_->until : instant::min()});
}

standing role_view::leader_at(instant now) const {
  if (const auto why = vacant_at(now)) return {std::nullopt, *why};
  const auto& by = current_->holder;
  return {leader_info{by.id, by.name, by.metadata, current_->term}, {}};
}

bool role_view::still(const standing& s, instant now) const {
  if (const auto why = vacant_at(now)) return !s.leader && s.why == *why;
  const auto& by = current_->holder;
  return s.leader && s.leader->token == current_->term && s.leader->id == by.id &&
         s.leader->name == by.name && s.leader->metadata == by.metadata;
}

/// Why nobody leads; none: somebody does.
std::optional<vacancy> role_view::vacant_at(instant now) const {
  if (!synced_) return vacancy::unknown;
  if (!current_) return vacancy::unclaimed;
  if (current_->released) return vacancy::released;
  if (now >= current_->until) return vacancy::lease_expired;
  return std::nullopt;
}

instant role_view::next_change(instant now) const {
  const bool led = synced_ && current_ && !current_->released && current_->until > now;
  return led ? current_->until : never;
}

bool role_view::already_read(offset at) {
  if (at < next_) return true;
  next_ = at + 1;
  return false;
}

/// Whether the record was sent to this log: one that was sent to an earlier log tells of what its
/// author had read there.
bool role_view::of_this_log(offset at, offset based_on, basis b) {
  return based_on < at && b != basis::other;
}

/// Whether the author had read everything up to `based_on` when the reader itself has read
/// everything since. By the record at `based_on` the reader knows that both read the same log; an
/// author that does not tell what it has read there is believed.
bool role_view::vouches(offset at, offset based_on, basis b) const {
  return based_on != before_first && of_this_log(at, based_on, b) && b != basis::unread &&
         based_on >= since_ - 1 && last_turn_ <= based_on;
}

/// The first record that vouches makes the reader synced: it knows now what the author knew.
bool role_view::sync_by(tenure t, offset based_on, basis b, milliseconds wait, instant now) {
  if (synced_ || !vouches(t.last_valid, based_on, b)) return false;
  begin(std::move(t), now);
  synced_ = true;
  told_wait_ = over_after(wait, now);
  return true;
}

void role_view::begin(tenure t, instant now) {
  // If the holder is unchanged, its own old lease need not be waited for.
  if (synced_ && current_ && !current_->released && current_->holder.id != t.holder.id)
    read_waits_ = std::max(read_waits_, current_->until);
  highest_ = std::max(highest_, t.term);
  t.until = surely_over(now, t.holder.lease, rho_);
  current_ = std::move(t);
}

instant role_view::over_after(milliseconds wait, instant now) const {
  return wait.count() == 0 ? now : surely_over(now, wait, rho_);
}

/// Before the reader is synced it cannot tell who leads. Any author may.
void role_view::must_pass(const author& by, instant now) {
  told_wait_ = std::max(told_wait_, surely_over(now, by.lease, rho_));
}

bool role_view::holds(const std::string& id, token term) const {
  return current_ && current_->term == term && current_->holder.id == id && !current_->released;
}

bool role_view::beyond_current(token term) const { return !current_ || term > current_->term; }

}  // namespace neli::core
