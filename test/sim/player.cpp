// SPDX-License-Identifier: BSL-1.0
#include "sim/player.hpp"

#include "sim/sleep.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <vector>

namespace neli::sim {

using boost::system::error_code;

namespace {

/// So slow that the reader can just keep up in the end.
constexpr auto longest_between_events = 100ms;

}  // namespace

// --- operations ---

void operations::ended(operation& o, error_code e) {
  if (std::exchange(o.ended, true)) checks_.broken(who_ + ": " + o.what + " completes twice");
  const bool endless = o.what == "lead";
  const bool closing = o.what == "close" || o.what == "wait_closed";
  bool expected = !e && !endless;
  if (e == asio::error::operation_aborted) expected = o.cancelled;
  if (e == errc::closed) expected = closes_ && !closing;
  if (!expected)
    checks_.broken(who_ + ": " + o.what + " completes with " + (e ? e.message() : "success"));
}

void operations::cancel_any(dice& d) {
  std::erase_if(list_, [](const auto& o) { return o->ended; });
  if (list_.empty()) return;
  const auto o = *std::next(list_.begin(), static_cast<std::ptrdiff_t>(d.below(list_.size())));
  o->cancelled = true;
  o->cancel.emit(asio::cancellation_type::terminal);
}

void operations::check_ended(bool all) const {
  for (const auto& o : list_)
    if ((all || o->bounded) && !o->ended)
      checks_.broken(who_ + ": " + o->what + " does not complete");
}

// --- a candidate ---

player::player(machine& m, const std::string& role)
    : machine_{m},
      around_{m.around()},
      role_{role},
      who_{m.name() + " for '" + role + "'"},
      reads_slowly_{around_.dice.chance(0.3)},
      operations_{around_.checks, who_},
      barriers_{around_.checks, who_ + " (barriers)", turns::misses::none},
      told_{around_.checks, who_ + " (events)", turns::misses::some},
      reading_{around_.checks, role, who_} {}

std::shared_ptr<player> player::make(machine& m, neli::session& s, const std::string& role) {
  const std::shared_ptr<player> made{new player{m, role}};
  made->candidate_ = s.candidate(
      role, [weak = std::weak_ptr{made}](event e) { return barrier(weak.lock(), std::move(e)); });
  made->events_ = made->candidate_->events();
  made->read();
  made->candidate_->wait_closed(made->operations_.begin("wait_closed", false));
  return made;
}

std::optional<neli::term> player::term() const {
  return candidate_ ? candidate_->term() : std::nullopt;
}

std::optional<leader_info> player::leader() const {
  return candidate_ ? candidate_->leader() : std::nullopt;
}

// --- what it does ---

void player::resign() {
  if (candidate_) candidate_->resign(around_.dice.below(2) * 500ms, operations_.begin("resign"));
}

void player::close() {
  if (!candidate_) return;
  operations_.closes();
  candidate_->close(operations_.begin("close"));
}

void player::destroy() {
  operations_.closes();
  events_.reset();
  candidate_.reset();
}

void player::fiddle() {
  if (!candidate_) return;
  auto& dice = around_.dice;
  switch (dice.below(5)) {
    case 0: return candidate_->pulse(dice.between(0s, lease), operations_.begin("pulse"));
    case 1: return candidate_->pulse(operations_.begin("pulse", false));
    case 2: return lead();
    case 3: return operations_.cancel_any(dice);
    default: candidate_->update_metadata(std::to_string(dice.below(100)));
  }
}

void player::lead() {
  const lead_options options{.margin = 0ms, .back_off = 100ms, .longest_back_off = lease};
  candidate_->lead(
      [weak = weak_from_this()](neli::term t) { return task(weak.lock(), std::move(t)); }, options,
      operations_.begin("lead", false));
}

// --- its barriers and tasks ---

namespace {

/// Runs it, and then tells of its end. Does not tell if the process dies meanwhile, as the lease
/// protects the work then.
template <class F>
asio::awaitable<void> then(asio::awaitable<void> what, F tell) {
  std::exception_ptr error;
  try {
    co_await std::move(what);
  } catch (...) {
    error = std::current_exception();
  }
  tell();
  if (error) std::rethrow_exception(error);
}

}  // namespace

asio::awaitable<void> player::barrier(self_ptr self, event e) {
  if (!self) co_return;
  self->barrier_begins(e);
  co_await then(self->run(draw_manners(self->around_)), [&] { self->barrier_ends(e); });
}

void player::barrier_begins(const event& e) {
  auto& checks = around_.checks;
  if (around_.out) machine_.say("barrier: " + to_string(e));
  around_.take_aim(machine_.name());
  barriers_.told(e);
  if (const auto* a = e.as<leader_acquired>())
    checks.acquires(role_, machine_.name(), a->term.token(), around_.agenda.now());
  if (const auto* r = e.as<leader_revoked>())
    checks.begins(role_, machine_.name(), r->term.token());
}

void player::barrier_ends(const event& e) {
  if (around_.out) machine_.say("barrier returns: " + to_string(e));
  if (const auto* r = e.as<leader_revoked>())
    around_.checks.ends(role_, machine_.name(), r->term.token());
}

asio::awaitable<void> player::task(self_ptr self, neli::term t) {
  if (!self) co_return;
  auto& m = self->machine_;
  auto& checks = self->around_.checks;
  m.say("task begins");
  checks.begins(self->role_, m.name(), t.token());
  co_await then(self->work(t.token()), [&] {
    m.say("task ends");
    checks.ends(self->role_, m.name(), t.token());
  });
}

/// Most tasks go on until they are cancelled, and then end at once or some time later.
asio::awaitable<void> player::work(token term) {
  const auto stood_still = [&m = machine_] {
    return m.dead() || !m.in_time_since(m.around().agenda.now() - 6 * lease);
  };
  const bool endless = around_.dice.chance(0.8) || !around_.faulty();
  const bool heeds = around_.dice.chance(0.7);
  if (heeds) around_.checks.works(role_, machine_.name(), term, stood_still);
  std::exception_ptr cancelled;
  try {
    for (auto left = endless ? real::max() : around_.dice.between(0s, lease); left > 0s;) {
      const auto slice = std::min<real>(left, 200ms);
      left -= slice;
      co_await sleep(machine_, slice);
    }
  } catch (...) {
    cancelled = std::current_exception();
  }
  if (heeds) around_.checks.has_worked(role_, machine_.name());
  if (cancelled && heeds) std::rethrow_exception(cancelled);
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await run(draw_manners(around_));
}

asio::awaitable<void> player::run(manners m) {
  if (m.deaf) co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await sleep(machine_, m.takes);
  if (m.throws) throw std::runtime_error{"no disk"};
}

// --- its reader of events ---

void player::read() {
  events_->next([weak = weak_from_this()](error_code e, const event& what) {
    const auto self = weak.lock();
    if (!self || e || !self->events_) return;
    self->told_.told(what);
    if (const auto* c = what.as<leader_changed>()) {
      self->reading_.told(*c);
      self->last_told_ = *c;
    }
    self->read_later();
  });
}

void player::read_later() {
  if (!reads_slowly_) return read();
  machine_.after(around_.dice.between(0ms, longest_between_events), [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && self->events_) self->read();
  });
}

void player::check_settled() const {
  operations_.check_ended(false);
  if (!lives()) return;
  const auto t = term();
  if (t && told_.acquired() != t->token())
    around_.checks.broken(who_ + " is not told that it leads");
  const auto told = last_told_ ? last_told_->leader : std::nullopt;
  if (told != leader()) around_.checks.broken(who_ + " is not told who leads");
}

// --- a follower ---

onlooker::onlooker(machine& m, const std::string& role)
    : machine_{m},
      role_{role},
      reads_slowly_{m.around().dice.chance(0.3)},
      reading_{m.around().checks, role, m.name() + " following '" + role + "'"} {}

std::shared_ptr<onlooker> onlooker::make(machine& m, neli::session& s, const std::string& role) {
  const std::shared_ptr<onlooker> made{new onlooker{m, role}};
  made->follower_ = s.follower(role);
  made->read();
  return made;
}

std::optional<leader_info> onlooker::leader() const {
  return follower_ ? follower_->leader() : std::nullopt;
}

void onlooker::read() {
  follower_->next([weak = weak_from_this()](error_code e, const leader_changed& c) {
    const auto self = weak.lock();
    if (!self || e || !self->follower_) return;
    self->reading_.told(c);
    if (!self->reads_slowly_) return self->read();
    const auto wait = self->machine_.around().dice.between(0ms, longest_between_events);
    self->machine_.after(wait, [weak] {
      const auto late = weak.lock();
      if (late && late->follower_) late->read();
    });
  });
}

}  // namespace neli::sim
