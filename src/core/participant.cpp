// SPDX-License-Identifier: BSL-1.0
#include "core/participant.hpp"

#include <algorithm>
#include <utility>

namespace neli::core {

namespace {

constexpr std::uint64_t first_tail = 1000;  ///< records
constexpr std::uint64_t tail_growth = 10;
constexpr std::uint64_t longest_tail = 1'000'000'000'000'000;
constexpr std::size_t roles_per_heartbeat = 500;  ///< keeps a record well below a broker's limit

const std::string& author_id(const auto& by_author) { return by_author.by.id; }
const std::string& author_id(const release& r) { return r.id; }

/// The nth part that fits into a heartbeat.
template <class T>
std::vector<T> portion(const std::vector<T>& all, std::size_t n) {
  const auto at = [&](std::size_t i) {
    return all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), i * roles_per_heartbeat));
  };
  return {at(n), at(n + 1)};
}

}  // namespace

participant::participant(core::settings s, identity self)
    : context_{s, std::move(self)}, tail_{first_tail} {}

// --- stepping ---

const actions& participant::start(instant now) {
  context_.now = now;
  context_.out.clear();
  context_.act(action::read_back{tail_});
  return context_.out;
}

const actions& participant::step(instant now, const any_input& in) {
  context_.now = now;
  context_.out.clear();
  run_due();  // first of all: a lease that has passed is not revived by what is read now
  std::visit([this](const auto& i) { on(i); }, in);
  beat_if_due();
  return context_.out;
}

instant participant::deadline() const {
  return schedule_.empty() ? next_beat_ : std::min(next_beat_, schedule_.begin()->first);
}

std::optional<instant> participant::next_beat() const {
  return next_beat_ == never ? std::nullopt : std::optional{next_beat_};
}

standing participant::leader_at(const std::string& role, instant now) const {
  const auto found = roles_.find(role);
  return found == roles_.end() ? standing{std::nullopt, vacancy::unknown}
                               : found->second->view.leader_at(now);
}

standing participant::announced(const std::string& role) const {
  const auto found = roles_.find(role);
  return found == roles_.end() ? standing{std::nullopt, vacancy::unknown} : found->second->told;
}

const core::candidate* participant::candidate(const std::string& role) const {
  const auto found = roles_.find(role);
  return found != roles_.end() && found->second->candidate ? &*found->second->candidate : nullptr;
}

// --- reading ---

void participant::on(const input::reading& r) {
  if (goes_on(r)) {
    // A role that is synced goes on where it was, and skips what it knows already.
    to_recognize_ = known_record{*last_read_, context_.seen};
    for (auto& [role, p] : roles_)
      if (!p->view.synced()) p->view.restart(r.since);
  } else {
    begin_anew(r.since);
  }
  reading_ = r;
  if (!r.log.empty()) log_ = r.log;
  context_.at_end = false;
  advance_all();
}

/// Whether this may be the log that was read so far, and the record that was read last will come
/// again. That record decides it.
bool participant::goes_on(const input::reading& r) const {
  const bool other_log = !log_.empty() && !r.log.empty() && log_ != r.log;
  return !other_log && last_read_ && r.since <= *last_read_ && !to_recognize_;
}

/// Forgets what was read, except for how long others may lead and which terms there were.
void participant::begin_anew(offset since) {
  reading_.reset();
  log_.clear();
  memory_.forget();
  last_read_.reset();
  to_recognize_.reset();
  doubts_ = false;
  doubted_ = before_first;
  reached_end_.reset();
  context_.log_time_is_new = false;
  context_.at_end = false;
  context_.read_up_to = since - 1;
  context_.seen = 0;
  sent_.clear();
  for (auto& [role, p] : roles_) {
    p->view.restart(since);
    if (p->candidate) p->candidate->gap();
  }
}

void participant::on(const input::read& r) {
  if (!note(r)) return on(input::gap{});
  context_.log_time.note(r.stamp, now());
  if (const auto* known = std::get_if<record>(&r.what))
    std::visit(
        [&](const auto& one) {
          const auto b = memory_.compare(one.based_on, one.seen);
          if (b == basis::other && author_id(one) != context_.self.id) doubt(r.at);
          read(r.at, one, b);
        },
        *known);
  note_new_time(r);
}

/// False: the log is not the one that was read before.
bool participant::note(const input::read& r) {
  if (!memory_.note(r.at, r.fingerprint) || !recognizes(r)) return false;
  if (last_read_ && r.at < *last_read_) return true;
  last_read_ = context_.read_up_to = r.at;
  context_.seen = r.fingerprint;
  return true;
}

/// Whether the record is what has to come again, or one before it. That is remembered apart from
/// the recollection, as more may be read on the way to it than that holds.
bool participant::recognizes(const input::read& r) {
  if (!to_recognize_ || r.at < to_recognize_->at) return true;
  const auto known = *std::exchange(to_recognize_, std::nullopt);
  return r.at == known.at && (r.fingerprint == known.what || r.fingerprint == 0 || known.what == 0);
}

/// A record that was appended after the end was first reached is later than all records that the
/// log may have forgotten by then.
void participant::note_new_time(const input::read& r) {
  if (context_.log_time_is_new || !reached_end_ || r.at <= first_end_) return;
  context_.log_time_is_new = true;
  advance_all();
}

/// Another's record tells of a log that is not the one that this reader remembers. Either the
/// record was sent to an earlier log, or the log was made anew and the reader has not noticed.
/// Reading again shows which, for all such records that were read by then.
void participant::doubt(offset at) {
  const bool at_stake = std::any_of(roles_.begin(), roles_.end(),
                                    [](const auto& p) { return p.second->view.synced(); });
  if (!at_stake || at <= doubted_) return;
  doubted_ = at;
  if (to_recognize_) return;  // it is reading again just now
  doubts_ = true;
  if (context_.at_end) read_again();
}

/// Only at the end of the log, as there may be more records before it that cause doubt.
void participant::read_again() {
  doubts_ = false;
  context_.at_end = false;
  context_.act(action::read_back{tail_ = first_tail});
}

void participant::read(offset at, const claim& c, basis b) {
  auto& p = state_of(c.role);
  const auto v = p.view.read(at, c, b, now());
  if (p.candidate) p.candidate->read(c, v);
  advance(p);
}

void participant::read(offset at, const heartbeat& h, basis b) {
  const auto own = h.by.id == context_.self.id ? sent_.find(h.seq) : sent_.end();
  for (const auto& e : h.terms) {
    auto& p = state_of(e.role);
    const auto v = p.view.read(at, h, e, b, now());
    if (p.candidate && v == verdict::claimed) p.candidate->superseded(h.by);
    if (p.candidate && v == verdict::renewed && own != sent_.end())
      p.candidate->renewed(e.term, own->second);
    advance(p);
  }
  for (const auto& role : h.open) {
    auto& p = state_of(role);
    p.view.left_open(h.by.lease, now());
    advance(p);
  }
  if (own == sent_.end()) return;
  round_trip_ = now() - own->second;
  sent_.erase(sent_.begin(), std::next(own));
}

void participant::read(offset at, const release& r, basis b) {
  auto& p = state_of(r.role);
  p.view.read(at, r, b, now());
  advance(p);
}

void participant::on(const input::end_reached&) {
  if (!reading_ || context_.at_end) return;
  if (to_recognize_) return on(input::gap{});  // this log has not grown so far yet
  if (doubts_) return read_again();
  context_.at_end = true;
  if (!reached_end_) {
    reached_end_ = now();
    first_end_ = context_.read_up_to;
  }
  for (auto& [role, p] : roles_) catch_up(*p);
  advance_all();
}

/// At the end, what has been read either suffices for the role or reading starts further back.
void participant::catch_up(role_state& p) {
  if (!context_.at_end || p.view.synced()) return;
  if (reading_->beginning) {
    p.view.read_all(*reached_end_, context_.settings.lease);
  } else if (p.wanted()) {
    context_.at_end = false;
    tail_ = std::min(tail_ * tail_growth, longest_tail);
    context_.act(action::read_back{tail_});
  }
}

void participant::on(const input::gap&) {
  begin_anew(0);
  tail_ = first_tail;
  context_.act(action::read_back{tail_});
  advance_all();
}

// --- appends ---

void participant::on(const input::appended& a) { outcome(a.ticket, &candidate::appended); }

void participant::on(const input::append_failed& a) {
  outcome(a.ticket, &candidate::append_failed);
}

void participant::outcome(ticket t, void (candidate::*what)(ticket)) {
  const auto awaited = context_.awaited.extract(t);
  if (awaited.empty()) return;
  auto& p = state_of(awaited.mapped());
  if (p.candidate) ((*p.candidate).*what)(t);
  advance(p);
}

// --- the membership ---

void participant::on(const input::assigned& i) {
  auto& p = state_of(i.role);
  p.assigned = true;
  if (p.candidate) p.candidate->assigned();
  advance(p);
}

void participant::on(const input::asked_back& i) {
  auto& p = state_of(i.role);
  p.assigned = false;
  if (p.candidate)
    p.candidate->asked_back();
  else
    context_.act(action::give_back{i.role});
  advance(p);
}

void participant::on(const input::lost& i) {
  auto& p = state_of(i.role);
  p.assigned = false;
  if (p.candidate) p.candidate->lost();
  advance(p);
}

void participant::on(const input::left&) {
  for (auto& [role, p] : roles_)
    if (p->assigned) on(input::lost{role});
}

// --- the user ---

void participant::on(const input::contend& i) {
  auto& p = state_of(i.role);
  p.candidate.emplace(i.role, context_, p.view);
  p.hindered_by.reset();
  if (p.assigned) p.candidate->assigned();
  catch_up(p);
  advance(p);
  // From now on this member says which of its roles it does not contend for.
  for (auto& [role, other] : roles_)
    if (other->assigned) advance(*other);
}

void participant::on(const input::watch& i) {
  auto& p = state_of(i.role);
  ++p.watchers;
  catch_up(p);
  advance(p);
}

void participant::on(const input::unwatch& i) { --state_of(i.role).watchers; }

void participant::on(const input::barrier_done& i) {
  auto& p = state_of(i.role);
  if (p.candidate) p.candidate->barrier_done(i.id);
  advance(p);
}

void participant::on(const input::resign& i) {
  auto& p = state_of(i.role);
  if (p.candidate) p.candidate->resign(i.stand_back);
  advance(p);
}

void participant::on(const input::close& i) {
  auto& p = state_of(i.role);
  if (p.candidate) p.candidate->close();
  advance(p);
}

void participant::on(const input::drop& i) {
  auto& p = state_of(i.role);
  if (p.candidate) p.candidate->leave_unattended();
  if (p.candidate && p.candidate->owes()) context_.act(action::give_back{i.role});
  p.candidate.reset();
  advance(p);
}

void participant::on(const input::fail&) {
  for (auto& [role, p] : roles_)
    if (p->candidate) p->candidate->fail();
  advance_all();
}

void participant::on(const input::set_metadata& i) {
  context_.self.metadata = i.metadata;
  if (next_beat_ != never) next_beat_ = now();
}

// --- what follows ---

participant::role_state& participant::state_of(const std::string& role) {
  if (const auto found = roles_.find(role); found != roles_.end()) return *found->second;
  auto made = std::make_unique<role_state>(role, role_view{context_.settings.rho});
  if (reading_) made->view.restart(reading_->since);
  return *roles_.emplace(role, std::move(made)).first->second;
}

void participant::run_due() {
  if (schedule_.empty() || now() < schedule_.begin()->first) return;
  std::vector<role_state*> due;
  for (const auto& [when, role] : schedule_) {
    if (when > now()) break;
    due.push_back(roles_.find(role)->second.get());
  }
  for (auto* p : due) advance(*p);
}

void participant::advance_all() {
  for (auto& [role, p] : roles_) advance(*p);
}

void participant::advance(role_state& p) {
  if (p.candidate) p.candidate->advance();
  if (p.candidate && p.candidate->finished()) p.candidate.reset();

  const bool held = p.candidate && p.candidate->held();
  if (held && !p.held)
    next_beat_ =
        std::min(next_beat_, p.candidate->kept_alive_at() + context_.settings.heartbeat_period);
  p.held = held;
  const bool open = leaves_open(p);
  if (open && (!p.open || next_beat_ == never)) next_beat_ = now();
  p.open = open;
  p.asks = p.candidate && p.candidate->asks_the_time();
  if (p.asks && next_beat_ == never) next_beat_ = now();

  note_hindrance(p);

  auto place = schedule_.extract({p.due, p.role});
  p.due = never;
  if (!p.wanted()) return;
  announce(p);
  p.due = std::min(p.view.next_change(now()), p.candidate ? p.candidate->deadline() : never);
  if (p.due == never) return;
  if (!place) return void(schedule_.emplace(p.due, p.role));
  place.value().first = p.due;
  schedule_.insert(std::move(place));
}

/// Until it has caught up, the reader announces only that the leader is unknown.
void participant::announce(role_state& p) {
  if (p.view.still(p.told, now())) return;
  auto s = p.view.leader_at(now());
  // A ledger that was made anew may begin with a record that was on its way to the old one, from a
  // candidate that had been overtaken there.
  if (s.leader && s.leader->token < p.highest_told) s = {std::nullopt, vacancy::unknown};
  if (s == p.told || (!context_.at_end && p.view.synced())) return;
  context_.act(action::emit{p.role, leader_changed{s.leader, s.why}});
  if (s.leader) p.highest_told = s.leader->token;
  p.told = std::move(s);
}

void participant::note_hindrance(role_state& p) {
  if (!p.candidate) return;
  const auto now_by = p.candidate->hindered_by();
  if (p.hindered_by == now_by) return;
  p.hindered_by = now_by;
  context_.act(action::hindered{p.role, now_by});
}

// --- heartbeats ---

/// Whether the group has assigned the role to this member, which does not want it. A member without
/// candidates says nothing: it is about to leave, and the group gives the role to another.
bool participant::leaves_open(const role_state& p) const {
  if (!p.assigned || (p.candidate && !p.candidate->stands_back())) return false;
  return std::any_of(roles_.begin(), roles_.end(), [](const auto& other) {
    const auto& c = other.second->candidate;
    return c && !c->closing();
  });
}

void participant::beat_if_due() {
  if (now() < next_beat_) return;
  std::vector<heartbeat::entry> held;
  std::vector<std::string> open;
  bool asks = false;
  for (const auto& [role, p] : roles_) {
    asks |= p->asks;
    if (p->held) held.push_back({role, p->candidate->held(), p->candidate->waits_for()});
    if (leaves_open(*p)) open.push_back(role);
  }
  const bool silent = held.empty() && open.empty() && !asks;
  next_beat_ = silent ? never : now() + context_.settings.heartbeat_period;
  if (!silent) beat(held, open);
}

void participant::beat(const std::vector<heartbeat::entry>& held,
                       const std::vector<std::string>& open) {
  last_beat_ = now();
  // Heartbeats that are older than the lease extend nothing any more.
  std::erase_if(sent_, [this](const auto& s) {
    return lease_end(s.second, context_.settings.lease) <= now();
  });
  const auto roles = std::max(held.size(), open.size());
  for (std::size_t n = 0; n == 0 || n * roles_per_heartbeat < roles; ++n) {
    heartbeat h{context_.signature(), ++last_seq_,      context_.read_up_to,
                portion(held, n),     portion(open, n), context_.seen};
    sent_.emplace(h.seq, now());
    context_.append(std::move(h));
  }
}

}  // namespace neli::core
