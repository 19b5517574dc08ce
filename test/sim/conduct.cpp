// SPDX-License-Identifier: BSL-1.0
#include "sim/conduct.hpp"

#include "sim/plan.hpp"

#include <algorithm>

namespace neli::sim {

namespace {

constexpr auto heartbeat_period = lease / 4;
/// The lease of a process whose clock may run at another rate.
constexpr auto lease_of_others = lease + 2 * lease / 100;

std::string quoted(const std::string& role) { return "'" + role + "'"; }

}  // namespace

void conduct::expect(bool what, const std::string& otherwise) {
  if (!what) checks_.broken(who_ + " " + otherwise);
}

void conduct::takes(core::instant now, const core::any_input& i) {
  check_open();
  now_ = now;
  for (auto& [role, p] : parts_) p.given_before = p.given;
  std::visit([this](const auto& one) { on(one); }, i);
}

/// A process that asks to be woken at a time in the past would be woken without end.
void conduct::asks_to_be_woken(core::instant when) {
  expect(when > now_, "asks to be woken at a time that has come");
}

// --- reading ---

void conduct::on(const core::input::read& i) {
  if (i.stamp != 0) note_time(i.stamp);
  if (!is_known() || !annals_.tell_of(i.at, i.fingerprint) || i.at > place_.at)
    place_ = {i.at, i.fingerprint};
  // Records that are read again, from further back, are new for some of its roles only.
  is_new_ = i.at > read_up_to_;
  read_up_to_ = std::max(read_up_to_, i.at);
  if (const auto* r = std::get_if<core::record>(&i.what))
    std::visit([&](const auto& one) { reads(i.at, one); }, *r);
}

void conduct::reads(core::offset at, const core::claim& c) {
  auto& p = of(c.role);
  p.most = std::max(p.most, c.term);
  if (is_new_) p.highest = std::max(p.highest, c.term);
  if (c.by.id != who_) return other_has_written(at, c.role, c.by);
  if (!p.claim || p.claim->term != c.term || p.claim->read) return;
  p.claim->settled = p.claim->read = true;
  p.kept_term = c.term;
  p.kept = p.claim->when;
}

void conduct::reads(core::offset at, const core::heartbeat& h) {
  for (const auto& e : h.terms) {
    auto& p = of(e.role);
    p.most = std::max(p.most, e.term);
    if (is_new_) p.highest = std::max(p.highest, e.term);
    if (h.by.id != who_)
      other_has_written(at, e.role, h.by);
    else if (const auto sent = beats_.find(h.seq); sent != beats_.end() && e.term == p.kept_term)
      p.kept = std::max(p.kept, sent->second);
  }
  for (const auto& role : h.open) of(role).open_until = now_ + h.by.lease;
}

void conduct::reads(core::offset at, const core::release& r) {
  // Where the annals do not tell whether a release counts, it is taken to count.
  if (is_known() && !counted(r.role, at)) return;
  auto& p = of(r.role);
  p.must_pass.erase(r.id);
  p.most = std::max(p.most, r.term);
}

void conduct::note_time(core::stamp taken) {
  const core::span ahead = milliseconds{taken} - now_.time_since_epoch();
  latest_ = std::max(latest_, taken);
  log_ahead_ = std::max(log_ahead_.value_or(ahead), ahead);
}

/// Only when the process is synced: before that it may not know yet whose lease must pass, and
/// believes what other records tell. At the end of the log it is synced for the roles that it
/// contends for.
void conduct::other_has_written(core::offset at, const std::string& role, const core::author& by) {
  auto& p = of(role);
  if (at_end_ && p.contends && is_known() && counted(role, at))
    p.must_pass[by.id] = now_ + lease_of_others;
}

void conduct::on(const core::input::gap&) {
  at_end_ = false;
  read_up_to_ = core::before_first;
  place_ = {};
  beats_.clear();
  settle_claims();
}

void conduct::settle_claims() {
  for (auto& [role, p] : parts_)
    if (p.claim) p.claim->settled = true;
}

// --- the outcome of what it sent, and the group ---

void conduct::outcome(core::ticket t) {
  for (auto& [role, p] : parts_) {
    if (p.release && p.release->ticket == t) p.release.reset();
    if (p.claim && p.claim->ticket == t) p.claim->settled = true;
  }
}

void conduct::on(const core::input::left&) {
  for (auto& [role, p] : parts_) p.given = giving::none;
}

void conduct::on(const core::action::give_back& a) {
  const auto& p = of(a.role);
  expect(!p.release || now_ >= p.release->until,
         "gives " + quoted(a.role) + " back before its release has arrived");
  expect(!p.leading, "gives " + quoted(a.role) + " back while it leads");
}

/// A process that wants some roles has to leave its other roles of the group open to all.
void conduct::check_open() {
  const bool any =
      std::any_of(parts_.begin(), parts_.end(), [](const auto& p) { return p.second.contends; });
  for (auto& [role, p] : parts_) {
    const bool unwanted = any && !p.contends && !p.closing && p.given == giving::assigned;
    if (!unwanted || p.unwanted_since == core::never)
      p.unwanted_since = unwanted ? now_ : core::never;
    expect(!unwanted || now_ - std::max(p.open_said, p.unwanted_since) <= heartbeat_period,
           "keeps " + quoted(role) + " from others, though it does not want it");
  }
}

// --- what it sends ---

void conduct::on(const core::action::append& a) {
  std::visit([&](const auto& one) { sends(a.ticket, one); }, a.record);
}

void conduct::sends(core::ticket t, const core::claim& c) {
  auto& p = of(c.role);
  const auto claims = "claims " + quoted(c.role) + " ";
  expect(at_end_, claims + "before it has read the ledger to its end");
  check_number(claims, c.term, p);
  const bool owner = p.given == giving::assigned || p.given_before == giving::assigned;
  expect(how_ == arbitration::ledger || owner || now_ < p.open_until,
         claims + "without the right to");
  expect(p.barriers.empty(), claims + "while a barrier runs");
  expect(!p.release || now_ >= p.release->until,
         claims + "before it knows what became of its release");
  expect(now_ >= p.not_before, claims + "though its barrier hung a moment ago");
  p.highest = c.term;
  p.most = std::max(p.most, c.term);
  p.claim = sent_claim{c.term, t, now_};
}

/// The number has to be the next one after all that were used and after the log's time.
void conduct::check_number(const std::string& claims, core::token n, const part& p) {
  expect(n > p.highest, claims + "with a number that was used");
  expect(n > latest_, claims + "with a number that may have been used, by the log's time");
  if (!log_ahead_) return;
  const auto log_time = (now_.time_since_epoch() + *log_ahead_) / 1ms;
  expect(n <= std::max(p.most, static_cast<core::token>(log_time)) + 1,
         claims + "with a larger number than it needs");
}

void conduct::sends(core::ticket, const core::heartbeat& h) {
  beats_[h.seq] = now_;
  if (beats_.size() > 100) beats_.erase(beats_.begin());
  for (const auto& e : h.terms) {
    const auto keeps = "keeps the term " + std::to_string(e.term) + " of " + quoted(e.role);
    expect(!of(e.role).over.contains(e.term), keeps + " alive though it is over");
    if (!is_known()) continue;
    const auto found = annals_.at(e.role, place_.at);
    expect(found.term == e.term && found.holder == who_ && !found.released,
           keeps + " alive though, by what it has read, it does not hold it");
  }
  for (const auto& role : h.open) of(role).open_said = now_;
}

void conduct::sends(core::ticket t, const core::release& r) {
  auto& p = of(r.role);
  const auto releases = "releases the term " + std::to_string(r.term) + " of " + quoted(r.role);
  expect(!p.over.contains(r.term), releases + " though it is over");
  expect(p.barriers.empty(), releases + " while a barrier runs");
  const bool claimed = p.claim && p.claim->term == r.term;
  if (claimed && !p.claim->read)
    expect(r.based_on == core::before_first, releases + " and vouches for what came before");
  const auto sent = p.kept_term == r.term ? p.kept : claimed ? p.claim->when : now_ - lease;
  if (claimed) p.claim->settled = true;
  p.release = sent_release{t, sent + lease};
  p.over.insert(r.term);
  p.released.insert(r.term);
}

// --- its candidates ---

void conduct::forget(const std::string& role) {
  auto& p = of(role);
  p.contends = p.closing = p.leading = false;
  p.claim.reset();
  p.release.reset();
  p.not_before = core::instant::min();
  p.barriers.clear();
}

void conduct::on(const core::action::finished& a) {
  auto& p = of(a.role);
  const auto done = "is done with " + quoted(a.role);
  expect(p.barriers.empty(), done + " while a barrier runs");
  expect(!p.claim || p.claim->settled || now_ >= p.claim->when + lease,
         done + " and has not withdrawn its claim");
  p.closing = false;
}

void conduct::on(const core::action::emit& a) {
  std::visit([&](const auto& e) { told(a.role, e); }, static_cast<const event_base&>(a.event));
}

void conduct::told(const std::string& role, const leader_acquired& e) {
  const auto& p = of(role);
  for (const auto& [other, until] : p.must_pass)
    expect(now_ > until, "acquires " + quoted(role) + " while the lease of " + other + " may run");
  expect(p.kept_term == e.term.token() && now_ < p.kept + lease,
         "acquires " + quoted(role) + " though the lease has passed");
}

void conduct::told(const std::string& role, const leader_revoked& e) {
  const auto& p = of(role);
  expect(e.reason != revocation::rebalanced || p.given == giving::asked_back,
         "hands " + quoted(role) + " over though nobody has asked for it");
  expect(!p.leading, "is not told to stop to lead " + quoted(role));
}

void conduct::told(const std::string& role, const leader_fenced& e) {
  auto& p = of(role);
  expect(!p.leading, "is not told to stop to lead " + quoted(role));
  expect(!p.released.contains(e.term.token()),
         "releases a term of " + quoted(role) + " that it is fenced from");
  p.over.insert(e.term.token());
  p.lost_lease = e.term.deadline();
  if (e.reason == fencing::barrier_timeout) p.not_before = now_ + 2 * lease;
}

void conduct::told(const std::string& role, const leader_changed& e) {
  if (!is_known() || (!e.leader && e.reason == vacancy::unknown)) return;
  const auto found = annals_.at(role, place_.at);
  const bool same = e.leader && found.term == e.leader->token && found.holder == e.leader->id;
  const bool none = !e.leader && (found.term == 0) == (e.reason == vacancy::unclaimed);
  expect((same || none) && found.released == (!e.leader && e.reason == vacancy::released),
         "is told of " + quoted(role) + " something else than it has read");
}

void conduct::on(const core::action::lead& a) {
  auto& p = of(a.role);
  expect(p.barriers.empty(), "leads " + quoted(a.role) + " before its barrier has returned");
  expect(p.kept_term == a.term && a.until <= p.kept + lease,
         "leads " + quoted(a.role) + " for longer than its lease");
  p.leading = true;
}

void conduct::on(const core::action::hindered& a) {
  expect((a.by == hindrance::none) == of(a.role).leading,
         "is hindered from leading " + quoted(a.role) + " while it leads, or by nothing");
}

// --- its barriers ---

void conduct::on(const core::action::run_barrier& a) {
  auto& all = of(a.role).barriers;
  expect(all.empty(), "runs two barriers of " + quoted(a.role) + " at once");
  all[a.id] = {now_, {}};
}

void conduct::on(const core::action::cancel_barrier& a) {
  auto& all = of(a.role).barriers;
  if (const auto b = all.find(a.id); b != all.end()) b->second.cancelled = now_;
}

/// Only the lease of the term protects work that goes on after this.
void conduct::on(const core::action::abandon_barrier& a) {
  auto& p = of(a.role);
  p.barriers.erase(a.id);
  p.not_before = std::max(p.not_before, p.lost_lease);
}

void conduct::stood_still(const std::string& role) {
  for (auto& [id, b] : of(role).barriers) b.excused = true;
}

void conduct::on(const core::input::barrier_done& i) {
  const auto found = of(i.role).barriers.extract(i.id);
  if (found.empty() || found.mapped().excused) return;
  const auto& b = found.mapped();
  constexpr auto patience = barrier_timeout + 1ms;
  expect(b.cancelled.value_or(now_) - b.since <= patience,
         "lets a barrier of " + quoted(i.role) + " run for too long");
  expect(now_ - b.cancelled.value_or(now_) <= patience,
         "waits for too long for a barrier of " + quoted(i.role) + " that it has cancelled");
}

}  // namespace neli::sim
