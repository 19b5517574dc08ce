// SPDX-License-Identifier: BSL-1.0
#include "sim/group.hpp"

#include <algorithm>
#include <utility>

namespace neli::sim {

namespace {

/// How long Kafka allows a member to take.
constexpr auto rebalance_timeout = barrier_timeout + 1s;

}  // namespace

// --- a member ---

template <class F>
void member::answer(F f) {
  machine_.post([weak = weak_from_this(), f = std::move(f)] {
    const auto self = weak.lock();
    if (self && !self->stopped_) f(*self);
  });
}

void member::tell(void (listener::*what)(const std::string&), const std::string& role) {
  answer([what, role](member& self) { (self.listener_.*what)(role); });
}

void member::join() {
  const auto wait = group_.around_.dice.between(10ms, 300ms);
  const auto when = std::max(group_.around_.agenda.now() + wait, machine_.frozen_until());
  group_.around_.agenda.at(when, [self = shared_from_this()] {
    if (self->left_) return;
    if (self->lives()) return self->group_.joins(self);
    if (self->machine_.frozen()) self->join();
  });
}

void member::give_back(const std::string& role) {
  has_.erase(role);
  group_.given_back(*this, role);
}

void member::leave(std::function<void()> left) {
  left_ = true;
  has_.clear();
  group_.leaves(*this);
  for (auto& [role, owner] : group_.owners_)
    if (owner.get() == this) group_.given_back(*this, role);
  answer([left = std::move(left)](member&) { left(); });
}

/// The member learns it when it can be reached again, or later.
void member::thrown_out() {
  auto& s = group_.around_;
  auto learns = std::max(s.agenda.now(), machine_.frozen_until());
  if (s.strikes(s.plan.faults.late_loss)) learns += s.dice.between(0s, 2 * lease);
  s.agenda.at(learns, [self = shared_from_this()] {
    for (const auto& role : std::exchange(self->has_, {})) self->tell(&listener::lost, role);
    self->join();
  });
}

// --- members come and go ---

group::group(surroundings& s) : around_{s} {
  for (const auto& role : s.plan.roles) owners_[role];
  watch();
}

void group::joins(const std::shared_ptr<member>& m) {
  if (std::exchange(m->joined_, true)) return;
  m->last_sign_ = around_.agenda.now();
  members_.push_back(m);
  rebalance_soon(spread::sticky);
}

void group::leaves(member& m) {
  if (!std::exchange(m.joined_, false)) return;
  std::erase_if(members_, [&](const auto& x) { return x.get() == &m; });
  rebalance_soon(spread::sticky);
}

/// Throws out a member that gives no sign of life for too long.
void group::watch() {
  const auto now = around_.agenda.now();
  for (const auto& m : std::vector{members_}) {
    if (m->lives()) m->last_sign_ = now;
    if (now - m->last_sign_ > session_timeout) throw_out(*m);
  }
  around_.agenda.after(100ms, [this] { watch(); });
}

void group::throw_out(member& m) {
  m.machine_.say("is thrown out of the group");
  for (auto& [role, owner] : owners_)
    if (owner.get() == &m) owner = nullptr, awaited_.erase(role);
  m.thrown_out();
  leaves(m);
  if (moving_ && awaited_.empty()) spread_what_is_free();
}

// --- rebalances ---

void group::rebalance_soon(spread s) {
  around_.agenda.after(around_.dice.between(1ms, 200ms), [this, s] { rebalance(s); });
}

void group::rebalance(spread s) {
  if (moving_) {
    again_ = true;
    return;
  }
  moving_ = true;
  targets_.clear();
  for (const auto& [role, owner] : owners_) {
    const bool keeps = owner && owner->joined_ && s == spread::sticky;
    targets_[role] = keeps ? owner : any_member();
  }
  ask_back();
}

void group::ask_back() {
  // Some assignors take all roles back from all members.
  const bool eager = around_.strikes(0.2);
  for (const auto& [role, owner] : owners_)
    if (owner && (eager || owner != targets_[role])) awaited_.insert(role);
  for (const auto& role : awaited_) {
    owners_[role]->tell(&member::listener::asked_back, role);
    around_.take_aim(owners_[role]->machine_.name());
  }
  if (awaited_.empty()) return spread_what_is_free();
  around_.agenda.after(rebalance_timeout, [this, nth = ++nth_] { give_up_waiting(nth); });
}

void group::give_up_waiting(std::uint64_t nth) {
  if (nth != nth_) return;
  for (const auto& role : std::set{awaited_})
    if (const auto owner = owners_[role]) throw_out(*owner);
}

void group::given_back(member& m, const std::string& role) {
  if (owners_[role].get() != &m) return;
  owners_[role] = nullptr;
  if (awaited_.erase(role) == 0) return rebalance_soon(spread::sticky);
  if (awaited_.empty()) spread_what_is_free();
}

void group::spread_what_is_free() {
  ++nth_;
  moving_ = false;
  for (auto& [role, owner] : owners_) {
    if (owner) continue;
    owner = targets_[role] && targets_[role]->joined_ ? targets_[role] : any_member();
    if (!owner) continue;
    if (around_.out) owner->machine_.say("is assigned " + role);
    owner->has_.insert(role);
    owner->tell(&member::listener::assigned, role);
    around_.take_aim(owner->machine_.name());
  }
  if (std::exchange(again_, false)) rebalance_soon(spread::sticky);
}

std::shared_ptr<member> group::any_member() {
  return members_.empty() ? nullptr : members_[around_.dice.below(members_.size())];
}

// --- faults ---

void group::suffer_faults() {
  if (!around_.faulty()) return;
  if (around_.strikes(around_.plan.faults.rebalance * 0.1)) rebalance(spread::anew);
  around_.agenda.after(100ms, [this] { suffer_faults(); });
}

}  // namespace neli::sim
