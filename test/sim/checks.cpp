// SPDX-License-Identifier: BSL-1.0
#include "sim/checks.hpp"

#include <algorithm>

namespace neli::sim {

namespace {

std::string text(real t) { return std::to_string(t.count() / 1'000'000) + " ms"; }

}  // namespace

void checks::broken(const std::string& what) {
  if (first_) return;
  first_ = what;
  on_first_(what);
}

// --- as seen from outside ---

void checks::lead(const std::string& role, const std::vector<std::string>& nodes) {
  if (nodes.size() > 1) broken(nodes[0] + " and " + nodes[1] + " lead '" + role + "' at once");
}

void checks::leads(const std::string& role, const std::string& node, token term) {
  auto& last = last_led_[role];
  if (last.term == term && last.node == node) return;
  if (term <= last.term)
    broken(node + " leads '" + role + "' with the token " + std::to_string(term) + " after " +
           last.node + " with " + std::to_string(last.term));
  if (!claims_.contains({role, node, term}))
    broken(node + " leads '" + role + "' with a token that it has not claimed");
  held_by_one(role, node, term);
  last = {term, node};
  ++elections_;
}

void checks::attended(const std::string& role, bool led, real now) {
  if (led) return excused(role, now);
  const auto gap = now - vacant_since_[role];
  longest_gap_ = std::max(longest_gap_, gap);
  if (gap > longest_vacancy)
    broken("nobody leads '" + role + "' for " + text(gap) + " though the faults are over");
}

// --- what is in the ledger ---

void checks::claimed(const std::string& role, const std::string& node, token term) {
  claims_.emplace(role, node, term);
}

void checks::held_by_one(const std::string& role, const std::string& node, token term) {
  const auto [known, is_new] = holders_.try_emplace({role, term}, node);
  if (!forgetful_ && !is_new && known->second != node)
    broken("the term " + std::to_string(term) + " of '" + role + "' is " + known->second +
           "'s and " + node + "'s");
}

// --- hand-overs ---

void checks::renewed(const std::string& role, const std::string& node, token term, real until) {
  auto& known = leases_[{role, node, term}];
  known = std::max(known, until);
}

void checks::begins(const std::string& role, const std::string& node, token term) {
  unfinished_[role].push_back({node, term});
}

void checks::ends(const std::string& role, const std::string& node, token term) {
  auto& all = unfinished_[role];
  const auto one = std::find_if(all.begin(), all.end(),
                                [&](const auto& w) { return w.node == node && w.term == term; });
  if (one != all.end()) all.erase(one);
}

void checks::works(const std::string& role, const std::string& node, token term,
                   std::function<bool()> excused) {
  working_[role].emplace(node, task{term, std::move(excused)});
}

void checks::has_worked(const std::string& role, const std::string& node) {
  auto& all = working_[role];
  if (const auto one = all.find(node); one != all.end()) all.erase(one);
}

void checks::died(const std::string& node) {
  for (auto& [role, all] : unfinished_)
    std::erase_if(all, [&](const auto& w) { return w.node == node; });
  for (auto& [role, all] : working_) all.erase(node);
}

/// Only earlier terms count: a process that stood still may tell of its term long after other
/// processes had later ones.
void checks::acquires(const std::string& role, const std::string& node, token term, real now) {
  for (const auto& w : unfinished_[role])
    if (w.node != node && w.term < term && now < leases_[{role, w.node, w.term}])
      broken(node + " acquires '" + role + "' before " + w.node + " has handed it over");
  for (const auto& [other, t] : working_[role])
    if (other != node && t.term < term && !t.excused())
      broken(node + " acquires '" + role + "' while a task of " + other + " runs");
}

// --- how much one process writes ---

void checks::written(const std::string& node, std::size_t records, std::size_t claims) {
  most_records_ = std::max(most_records_, records);
  most_claims_ = std::max(most_claims_, claims);
  if (claims > most_claims_a_second)
    broken(node + " claims " + std::to_string(claims) + " times within a second");
  if (records > most_records_a_second)
    broken(node + " appends " + std::to_string(records) + " records within a second");
}

void pace::appends(real now, bool claim) {
  if (claim) claims_.push_back(now);
  records_.push_back(now);
  checks_.written(who_, within_a_second(records_, now), within_a_second(claims_, now));
}

std::size_t pace::within_a_second(std::deque<real>& all, real now) {
  while (!all.empty() && all.front() <= now - std::chrono::seconds{1}) all.pop_front();
  return all.size();
}

// --- what readers are told ---

void checks::told_of_leader(const std::string& role, const std::string& reader,
                            const leader_info& l) {
  if (!claims_.contains({role, l.id, l.token}))
    broken(reader + " is told that " + l.id + " leads '" + role + "' with the token " +
           std::to_string(l.token) + ", which it has not claimed");
  held_by_one(role, l.id, l.token);
}

void reading::told(const leader_changed& c) {
  if (!c.leader) return;
  if (c.leader->token < highest_)
    checks_.broken(who_ + " is told of the term " + std::to_string(c.leader->token) + " of '" +
                   role_ + "' after " + std::to_string(highest_));
  highest_ = c.leader->token;
  checks_.told_of_leader(role_, who_, *c.leader);
}

// --- turns ---

void turns::told(const event& e) {
  if (const auto* a = e.as<leader_acquired>()) acquired(a->term.token());
  if (const auto* r = e.as<leader_revoked>()) ended(r->term.token(), phase::revoked);
  if (const auto* f = e.as<leader_fenced>()) ended(f->term.token(), phase::fenced);
}

void turns::acquired(token term) {
  const bool again = phase_ == phase::acquired && term == term_;
  expect(term > term_ || (again && misses_ == misses::some), "acquires an old term");
  expect(phase_ != phase::acquired || misses_ == misses::some, "acquires twice");
  phase_ = phase::acquired;
  term_ = term;
}

void turns::ended(token term, phase how) {
  if (misses_ == misses::none || term <= term_) {
    expect(term == term_, "ends a term that it has not acquired");
    // A reader that has missed the events in between may be told once more.
    const bool again = misses_ == misses::some && how == phase_;
    expect(again || (phase_ != phase::none && phase_ < how), "ends a term that is over");
  }
  phase_ = how;
  term_ = term;
}

void turns::expect(bool what, const std::string& otherwise) {
  if (!what) checks_.broken(who_ + " " + otherwise);
}

}  // namespace neli::sim
