// SPDX-License-Identifier: BSL-1.0
#include "fuzz/witness.hpp"

#include "fuzz/bytes.hpp"

#include <algorithm>
#include <utility>

namespace neli::fuzz {

namespace input = core::input;
namespace action = core::action;

namespace {

/// More than any step has to do for the few roles that there are.
constexpr std::size_t most_actions = 40;

}  // namespace

const witness::part& witness::of(const std::string& name) const {
  static const part none;
  const auto found = roles_.find(name);
  return found == roles_.end() ? none : found->second;
}

// --- what goes in ---

void witness::before(core::instant at, const core::any_input& i) {
  now_ = at;
  std::visit([this](const auto& one) { note(one); }, i);
}

void witness::note(const input::reading& i) {
  if (last_read_ && i.since <= *last_read_ && !to_come_again_) {
    to_come_again_ = last_read_;
    return;
  }
  last_read_.reset();
  to_come_again_.reset();
  read_up_to_ = i.since - 1;
}

void witness::note(const input::read& i) {
  if (to_come_again_ && i.at >= *to_come_again_) to_come_again_.reset();
  read_up_to_ = std::max(read_up_to_, i.at);
  last_read_ = read_up_to_;
  if (const auto* r = std::get_if<core::record>(&i.what))
    std::visit([this](const auto& one) { note_read(one); }, *r);
}

void witness::note_read(const core::claim& c) {
  const auto sent = claims_sent_.find({c.role, c.term});
  if (c.by.id != self_ || sent == claims_sent_.end()) return;
  auto& newest = roles_[c.role].kept_alive_at[c.term];
  newest = std::max(newest, sent->second);
}

void witness::note_read(const core::heartbeat& h) {
  for (const auto& name : h.open) roles_[name].open_until = now_ + h.by.lease;
  const auto sent = heartbeats_sent_.find(h.seq);
  if (h.by.id != self_ || sent == heartbeats_sent_.end()) return;
  for (const auto& e : h.terms) {
    auto& newest = roles_[e.role].kept_alive_at[e.term];
    newest = std::max(newest, sent->second);
  }
}

void witness::note(const input::gap&) {
  last_read_.reset();
  to_come_again_.reset();
  read_up_to_ = core::before_first;
}

void witness::note(const input::asked_back& i) {
  roles_[i.role].assigned = false;
  roles_[i.role].owes = true;
}

void witness::note(const input::lost& i) {
  roles_[i.role].assigned = false;
  roles_[i.role].owes = false;
}

void witness::note(const input::left&) {
  for (auto& [name, r] : roles_)
    if (r.assigned) note(input::lost{name});
}

void witness::note(const input::contend& i) {
  auto& r = roles_[i.role];
  r.contends = true;
  r.closing = false;
}

void witness::note(const input::barrier_done& i) {
  unanswered_.erase({i.role, i.id});
  auto& r = roles_[i.role];
  if (r.barrier == i.id) r.barrier.reset();
}

void witness::note(const input::drop& i) {
  auto& r = roles_[i.role];
  r.contends = r.leads = false;
  r.at = turn::none;
  r.barrier.reset();
}

void witness::note(const input::fail&) {
  for (auto& [name, r] : roles_) {
    if (!r.contends) continue;
    r.closing = true;
    r.owes = false;
  }
}

// --- what comes out ---

void witness::after(const core::participant& p, const core::actions& out) {
  require(out.size() <= most_actions, "a step is little work");
  for (const auto& a : out) std::visit([this](const auto& one) { see(one); }, a);
  require(p.deadline() > now_, "the deadline is in the future, or there is none");
  for (const auto& [name, r] : roles_) check(p, name, r);
}

void witness::check(const core::participant& p, const std::string& name, const part& r) const {
  const auto* c = p.candidate(name);
  require((c != nullptr) == r.contends, "who contends is there until it has finished");
  if (!c) return require(!r.leads, "whoever leads contends");
  require(!r.leads || c->leads_at(now_), "whoever was told that it leads does");
  require(!c->leads_at(now_) || c->held(), "whoever leads holds a term");
  require(!r.owes || c->held() || c->giving_up(), "what the group wants is given back when free");
  if (!c->held()) return;
  require(!r.given_up.contains(c->held()), "a term that was given up is not held");
  if (forged_) return;
  const auto sent = r.kept_alive_at.find(c->held());
  require(sent != r.kept_alive_at.end(), "a term that is held was claimed and read back");
  require(!c->leads_at(core::lease_end(sent->second, settings_.lease)),
          "nobody leads longer than a lease from when it sent what it has read back");
}

void witness::see(const action::append& a) {
  require(a.ticket > last_ticket_, "tickets grow");
  last_ticket_ = a.ticket;
  std::visit([this](const auto& one) { see_sent(one); }, a.record);
}

void witness::see_sent(const core::claim& c) {
  auto& r = roles_[c.role];
  require(r.contends && !r.closing, "only who contends claims");
  require(r.at == turn::none && !r.barrier, "nobody claims while a turn of its own is not over");
  const bool allowed = r.assigned || now_ < r.open_until;
  require(settings_.arbitration == arbitration::ledger || allowed,
          "the group or the owner said so");
  require(!r.owes, "nobody claims what the group wants back");
  require(c.term > r.claimed, "nobody claims a term again, nor a lower one");
  require(c.based_on == read_up_to_, "a claim vouches for what was read");
  r.claimed = c.term;
  claims_sent_[{c.role, c.term}] = now_;
}

void witness::see_sent(const core::heartbeat& h) {
  require(h.seq > last_seq_, "heartbeats are counted");
  const bool contends = std::any_of(roles_.begin(), roles_.end(), [](const auto& r) {
    return r.second.contends && !r.second.closing;
  });
  require(!h.terms.empty() || !h.open.empty() || contends,
          "a heartbeat has something to say, or asks for the time before a claim");
  last_seq_ = h.seq;
  heartbeats_sent_[h.seq] = now_;
  for (const auto& e : h.terms) {
    require(roles_[e.role].contends, "only who contends keeps a term alive");
    require(!roles_[e.role].given_up.contains(e.term), "a term that was given up stays so");
  }
  for (const auto& name : h.open) {
    require(roles_[name].assigned, "only the owner leaves a role to others");
    require(roles_[name].at == turn::none, "who has its turn leaves it to nobody");
  }
}

void witness::see_sent(const core::release& l) {
  auto& r = roles_[l.role];
  require(r.contends, "only who contends releases");
  require(l.id == self_, "everybody releases its own");
  require(claims_sent_.contains({l.role, l.term}), "only what was claimed is released");
  require(r.given_up.insert(l.term).second, "a term is released once");
  require(!r.leads, "nobody leads what it releases");
  if (r.at == turn::revoked) {
    require(!r.barrier, "the release waits for the barrier");
    require(l.term == r.term, "what is revoked is released");
    r.at = turn::none;
  }
  require(r.at == turn::none, "what is led is revoked before it is released");
}

void witness::see(const action::emit& e) {
  auto& r = roles_[e.role];
  std::visit([&](const auto& one) { see_event(r, one); }, static_cast<const event_base&>(e.event));
}

void witness::see_event(part& r, const leader_acquired& e) {
  require(r.contends && r.at == turn::none, "a turn begins when there is none");
  require(e.term.token() > r.highest, "tokens grow");
  require(e.term.deadline() > now_, "what is acquired has not run out");
  r.at = turn::acquired;
  r.term = r.highest = e.term.token();
}

void witness::see_event(part& r, const leader_revoked& e) {
  require(r.at == turn::acquired && e.term.token() == r.term, "what is revoked was acquired");
  r.at = turn::revoked;
}

void witness::see_event(part& r, const leader_fenced& e) {
  require(r.at != turn::none && e.term.token() == r.term, "what is fenced was acquired");
  r.at = turn::none;
}

void witness::see_event(part& r, const leader_changed& e) {
  require(r.contends || r.watchers > 0, "somebody listens");
  if (!e.leader) return;
  require(e.leader->token >= r.told, "who leads never goes back to a lower term");
  r.told = e.leader->token;
}

void witness::see_event(part&, const auto&) { require(false, "the core tells of turns alone"); }

void witness::see(const action::lead& a) {
  auto& r = roles_[a.role];
  require(r.at == turn::acquired && a.term == r.term, "who leads has acquired that term");
  require(a.until > now_, "nobody leads by a lease that has passed");
  require(!r.barrier, "nobody leads before the barrier has returned");
  r.leads = true;
}

void witness::see(const action::stop_leading& a) {
  require(std::exchange(roles_[a.role].leads, false), "who is stopped led");
}

void witness::see(const action::run_barrier& a) {
  auto& r = roles_[a.role];
  require(r.contends && !r.barrier, "barriers run one at a time");
  require(unanswered_.insert({a.role, a.id}).second, "no two barriers have the same number");
  r.barrier = a.id;
  r.barrier_cancelled = false;
}

void witness::see(const action::cancel_barrier& a) {
  auto& r = roles_[a.role];
  require(r.barrier == a.id, "a barrier that is cancelled runs");
  require(!std::exchange(r.barrier_cancelled, true), "a barrier is cancelled once");
}

void witness::see(const action::abandon_barrier& a) {
  auto& r = roles_[a.role];
  require(r.barrier == a.id && r.barrier_cancelled, "a barrier is cancelled before it is given up");
  r.barrier.reset();
}

void witness::see(const action::give_back& a) {
  auto& r = roles_[a.role];
  require(std::exchange(r.owes, false), "what is given back was asked for");
  require(r.at == turn::none, "a role is given back when its turn is over");
}

void witness::see(const action::hindered& a) {
  const auto& r = roles_[a.role];
  require(r.contends, "only a candidate is hindered");
  require((a.by == hindrance::none) == r.leads, "a candidate is hindered until it leads");
}

void witness::see(const action::finished& a) {
  auto& r = roles_[a.role];
  require(r.contends && r.closing, "only who was told to ends");
  require(!r.leads && r.at == turn::none && !r.barrier && !r.owes, "all is given up at the end");
  r.contends = false;
}

}  // namespace neli::fuzz
