// SPDX-License-Identifier: BSL-1.0
#include "shell/candidate.hpp"

#include "shell/exceptions.hpp"
#include "shell/session.hpp"

#include <algorithm>
#include <utility>

namespace neli::shell {

namespace {

void log_event(spdlog::logger& log, const std::string& role, const event& e) {
  auto level = spdlog::level::info;
  if (e.as<leader_changed>()) level = spdlog::level::debug;
  if (e.as<leader_fenced>()) level = spdlog::level::warn;
  if (e.as<barrier_failed>() || e.as<task_failed>()) level = spdlog::level::err;
  if (e.as<trouble>()) return;  // the session has said so already
  log.log(level, "neli: {}: {}", role, to_string(e));
}

}  // namespace

candidate::candidate(std::string name, std::shared_ptr<session> s, strand user, barrier_function b)
    : endpoint{std::move(name), std::move(s)},
      time_{session_->time()},
      user_{std::move(user)},
      barriers_{std::move(b), user_, own_strand()} {}

// --- from any thread ---

std::optional<neli::term> candidate::term() const {
  const std::lock_guard lock{mutex_};
  if (!leads()) return std::nullopt;
  const auto until = clock::duration{lease_end_.load(std::memory_order_acquire)};
  return neli::term{name_, token_, clock::time_point{until}};
}

neli::status candidate::status() const {
  neli::status s{session_->health().status(), {}, {}, {}};
  s.state = state();
  if (const auto t = term()) {
    s.token = t->token();
    s.lease_left = t->deadline() - time_.now();
  }
  s.hindrance = why_not(s);
  return s;
}

/// The core knows nothing of the store's health, and the lease is read from the clock at each call.
hindrance candidate::why_not(const neli::status& s) const {
  if (s.state != candidate_state::live) return hindrance::closing;
  if (s.token) return hindrance::none;
  const auto by = [this] {
    const std::lock_guard lock{mutex_};
    return hindered_by_;
  }();
  switch (by) {
    case hindrance::none: return hindrance::lease;
    case hindrance::not_synced:
    case hindrance::behind:
    case hindrance::claiming:
    case hindrance::releasing: return s.trouble.code ? hindrance::store : by;
    default: return by;
  }
}

void candidate::pulse(std::optional<clock::duration> timeout, detail::pulse_handler handler) {
  auto op = make_pending(std::move(handler), executor_, own_strand());
  auto until = clock::time_point::max();
  if (timeout) {
    const auto now = time_.now();
    if (*timeout < until - now) until = now + std::max(*timeout, clock::duration::zero());
  }
  on_strand(*this, own_strand(), [op, until](candidate& self) { self.add_pulse(until, op); });
}

void candidate::resign(clock::duration stand_back, detail::closed_handler handler) {
  const bool to_the_end = !session_->called_by_user_code();
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(stand_back);
  auto op = make_pending(std::move(handler), executor_, own_strand());
  on_strand(*this, own_strand(), [op, wait, to_the_end](candidate& self) {
    if (self.state() != candidate_state::live) return op->complete(self.why_ended());
    if (to_the_end) {
      wait_in(self.resigning_, op);
      self.session_->resigns(self);
    }
    self.session_->feed(core::input::resign{self.name_, wait});
    if (!to_the_end) op->complete({});
  });
}

std::shared_ptr<subscription<event>> candidate::subscribe() {
  auto s = std::make_shared<subscription<event>>(own_strand(), executor_);
  on_strand(*this, own_strand(), [s](candidate& self) {
    s->restate(self.state_as_events());
    if (self.state() == candidate_state::closed) return s->end(self.why_ended());
    std::erase_if(self.subscriptions_, [](const auto& w) { return w.expired(); });
    self.subscriptions_.push_back(s);
  });
  return s;
}

void candidate::lead(leader_task task, lead_options options, detail::closed_handler handler) {
  auto cancel = asio::get_associated_cancellation_slot(handler);
  auto op = std::make_shared<pending<error_code>>(std::move(handler), executor_);
  auto led = std::make_shared<led_task>(*this, std::move(task), options, std::move(op));
  // When it is cancelled it ends with its task all the same.
  if (cancel.is_connected())
    cancel.assign([weak = std::weak_ptr{led}, on = own_strand()](asio::cancellation_type) {
      asio::post(on, [weak] {
        if (const auto t = weak.lock()) t->end(asio::error::operation_aborted);
      });
    });
  on_strand(*this, own_strand(), [led](candidate& self) {
    if (self.state() != candidate_state::live) return led->end(self.why_ended());
    std::erase_if(self.tasks_, [](const auto& t) { return t->ended() && !t->runs(); });
    self.tasks_.push_back(led);
    if (const auto t = self.term()) led->leads(*t);
    self.session_->waits(self);
  });
}

void candidate::drop() {
  lease_end_.store(not_leading, std::memory_order_release);
  session_->vacate(*this);
  on_strand(*this, own_strand(), [](candidate& self) {
    if (self.state() == candidate_state::closed) return;
    self.barriers_.cancel();
    self.closed();
    self.session_->drop(self);
  });
}

// --- from the session ---

void candidate::tell(const event& e) {
  log_event(session_->log(), name_, e);
  if (const auto* c = e.as<leader_changed>()) note_leader(*c);
  if (e.as<leader_acquired>() || e.as<leader_revoked>() || e.as<leader_fenced>()) last_own_ = e;
  for (const auto& weak : subscriptions_) {
    const auto s = weak.lock();
    if (s && !s->push(e)) s->restate(state_as_events());
  }
}

void candidate::renew(core::token token, clock::time_point until) {
  {
    const std::lock_guard lock{mutex_};
    token_ = token;
    lease_end_.store(until.time_since_epoch().count(), std::memory_order_release);
  }
  end_pulses({}, true);
  for (const auto& t : tasks_) t->leads({name_, token, until});
  if (!tasks_.empty()) session_->waits(*this);
}

void candidate::stop_leading() {
  lease_end_.store(not_leading, std::memory_order_release);
  for (const auto& t : tasks_) t->stop();
}

void candidate::run_barrier(std::uint64_t id, const event& e) {
  if (waits_for_tasks()) {
    held_ = held_barrier{id, e};
    return;
  }
  barriers_.run(id, e, [weak = weak_from_this()](std::uint64_t done, std::exception_ptr error) {
    const auto self = std::static_pointer_cast<candidate>(weak.lock());
    if (!self) return;
    // A barrier that was cancelled may end by the exception that says so.
    if (error && code_of(error) != asio::error::operation_aborted)
      self->tell(barrier_failed{error, what_of(error)});
    self->session_->feed(core::input::barrier_done{self->name_, done});
  });
  // While a task of an earlier term does not end, another process should lead.
  const bool busy =
      std::any_of(tasks_.begin(), tasks_.end(), [](const auto& t) { return t->runs(); });
  if (busy && e.as<leader_acquired>())
    session_->feed(core::input::resign{name_, session_->settings().barrier_timeout});
}

/// A barrier that is held back and overtaken does not run any more. Its answer waits for the tasks
/// all the same.
void candidate::cancel_barrier() {
  if (!held_) return barriers_.cancel();
  if (!held_->what || !held_->what->as<leader_fenced>()) return held_->what.reset();
  // The end of a term is told all the same. The tasks have used up the barrier's time.
  const auto late = *std::exchange(held_, std::nullopt);
  abandon("the task");
  run_barrier(late.id, *late.what);
  barriers_.cancel();
}

void candidate::abandon_barrier() {
  abandon(std::exchange(held_, std::nullopt) ? "the task" : "it");
}

void candidate::abandon(const std::string& who) {
  for (const auto& t : tasks_) t->abandon();
  const auto what = who + " did not end within barrier_timeout after it was cancelled";
  tell(barrier_failed{std::make_exception_ptr(error{errc::barrier_abandoned, what}), what});
}

void candidate::hindered(hindrance by) {
  session_->log().debug("neli: {}: {}", name_, sentence(by));
  const std::lock_guard lock{mutex_};
  hindered_by_ = by;
}

void candidate::resigned() { complete(resigning_, failure()); }

void candidate::begin_to_close() {
  if (state() != candidate_state::live) return;
  endpoint::begin_to_close();
  end_pulses(why_ended(), false);
}

void candidate::give_up() { session_->feed(core::input::close{name_}); }

void candidate::closed() {
  stop_leading();
  held_.reset();
  endpoint::closed();
  end_pulses(why_ended(), false);
  complete(resigning_, why_ended());
  for (const auto& t : std::exchange(tasks_, {})) t->end(why_ended());
  for (const auto& weak : std::exchange(subscriptions_, {}))
    if (const auto s = weak.lock()) s->end(why_ended());
}

// --- pulses ---

void candidate::add_pulse(clock::time_point until, waiting_pulse op) {
  if (state() != candidate_state::live) return op->complete(why_ended(), false);
  if (leads()) return op->complete({}, true);
  if (until <= time_.now()) return op->complete({}, false);
  std::erase_if(pulses_, [](const auto& p) { return p.second->done(); });
  pulses_.emplace(until, std::move(op));
  session_->waits(*this);
}

void candidate::end_pulses(error_code e, bool leads) {
  for (auto& [until, op] : std::exchange(pulses_, {})) op->complete(e, leads);
}

clock::time_point candidate::next_timeout() const {
  auto next = pulses_.empty() ? clock::time_point::max() : pulses_.begin()->first;
  for (const auto& t : tasks_) next = std::min(next, t->stop_at());
  return next;
}

void candidate::time_out(clock::time_point now) {
  for (const auto& t : tasks_)
    if (t->stop_at() <= now) t->stop();
  while (!pulses_.empty() && pulses_.begin()->first <= now) {
    pulses_.begin()->second->complete({}, false);
    pulses_.erase(pulses_.begin());
  }
}

// --- tasks ---

bool candidate::waits_for_tasks() const {
  return std::any_of(tasks_.begin(), tasks_.end(), [](const auto& t) { return t->awaited(); });
}

void candidate::task_ended() {
  if (waits_for_tasks()) return;
  if (const auto next = std::exchange(held_, std::nullopt)) {
    if (next->what)
      run_barrier(next->id, *next->what);
    else
      session_->feed(core::input::barrier_done{name_, next->id});
  }
  // It was stopped because the lease was about to run out; then the lease grew.
  if (const auto t = term()) {
    for (const auto& led : tasks_) led->leads(*t);
    session_->waits(*this);
  }
}

// --- what there is to say ---

std::vector<event> candidate::state_as_events() const {
  std::vector<event> state;
  if (last_changed()) state.emplace_back(*last_changed());
  if (last_own_) state.push_back(*last_own_);
  return state;
}

}  // namespace neli::shell
