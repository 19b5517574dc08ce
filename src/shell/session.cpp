// SPDX-License-Identifier: BSL-1.0
#include "shell/session.hpp"

#include "core/overloaded.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace neli::shell {

namespace input = core::input;
namespace action = core::action;

session::session(const asio::any_io_executor& executor, core::settings settings,
                 core::identity self, std::shared_ptr<spdlog::logger> log, const make_time& time)
    : executor_{executor},
      strand_{asio::make_strand(executor)},
      log_{std::move(log)},
      time_{time(strand_)},
      core_{settings, std::move(self)} {}

session::~session() = default;

void session::open(const make_store& make) {
  store_ = make(strand_, *this, *this);
  asio::post(strand_, [self = shared_from_this()] {
    if (self->stopped_) return;
    self->perform(self->core_.start(self->now()));
    if (self->store_.membership) self->store_.membership->join();
  });
}

std::shared_ptr<role> session::contend(const std::string& name, barrier_function b) {
  auto made = std::make_shared<role>(name, shared_from_this(), std::move(b));
  asio::post(strand_, [made, self = shared_from_this()] {
    self->roles_[made->name()] = made;
    self->feed(input::contend{made->name()});
  });
  return made;
}

// --- the switch ---

void session::feed(core::any_input i) {
  if (stopped_) return;
  inbox_.push_back(std::move(i));
  // What is done here may feed more in.
  if (std::exchange(stepping_, true)) return;
  while (!inbox_.empty() && !stopped_) {
    const auto next = std::move(inbox_.front());
    inbox_.pop_front();
    perform(core_.step(now(), next));
  }
  stepping_ = false;
  note_heartbeats();
  note_resignations();
  rearm();
}

void session::perform(const core::actions& actions) {
  for (const auto& a : actions)
    std::visit(core::overloaded{
                   [&](const action::append& x) {
                     store_.ledger->append(x.ticket, core::encode(x.record));
                   },
                   [&](const action::read_back& x) { store_.ledger->read_back(x.records); },
                   [&](const action::emit& x) {
                     if (auto* r = find(x.role)) r->tell(x.event);
                   },
                   [&](const action::lead& x) {
                     if (auto* r = find(x.role)) r->lead(x.term, x.until);
                   },
                   [&](const action::stop_leading& x) {
                     if (auto* r = find(x.role)) r->stop_leading();
                   },
                   [&](const action::run_barrier& x) {
                     if (auto* r = find(x.role)) r->run_barrier(x.id, x.event);
                   },
                   [&](const action::cancel_barrier& x) {
                     if (auto* r = find(x.role)) r->cancel_barrier();
                   },
                   [&](const action::abandon_barrier& x) {
                     if (auto* r = find(x.role)) r->abandon_barrier();
                   },
                   [&](const action::give_back& x) { store_.membership->give_back(x.role); },
                   [&](const action::step_out& x) { store_.membership->step_out(x.wait); },
                   [&](const action::finished& x) { finished(x.role); },
               },
               a);
}

role* session::find(const std::string& name) {
  const auto found = roles_.find(name);
  if (found == roles_.end()) return nullptr;
  return found->second.lock().get();  // dropped on this strand only
}

// --- time ---

void session::waits(role& r) {
  waiting_.insert(&r);
  rearm();
}

void session::rearm() {
  if (stopped_) return;
  auto next = core_.deadline();
  for (auto* r : waiting_)
    if (r->has_pulses()) next = std::min(next, r->next_timeout());
  time_->wake_at(next, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->alarm();
  });
}

void session::alarm() {
  for (auto* r : waiting_) r->time_out(time_->now());
  std::erase_if(waiting_, [](const auto* r) { return !r->has_pulses(); });
  if (core_.deadline() <= time_->now())
    feed(input::tick{});
  else
    rearm();
}

void session::note_heartbeats() {
  const auto times = std::pair{core_.last_beat(), core_.next_beat()};
  if (std::exchange(heartbeats_, times) == times) return;
  for (const auto& [name, weak] : roles_)
    if (const auto r = weak.lock()) r->note({times.first, times.second});
}

void session::note_resignations() {
  for (const auto& [name, weak] : roles_) {
    const auto r = weak.lock();
    if (!r || !r->resigns()) continue;
    const auto* c = core_.candidate(name);
    if (!c || !c->giving_up()) r->resigned();
  }
}

// --- the ledger ---

void session::reading(core::offset since, bool beginning) {
  log_->debug("neli: reading the ledger from offset {}{}", since,
              beginning ? ", its beginning" : "");
  feed(input::reading{since, beginning});
}

void session::record(core::offset at, std::string_view value) {
  auto what = core::decode(value);
  if (const auto* bad = std::get_if<core::unreadable>(&what)) {
    // Once in a while: the first, the tenth, the hundredth, ...
    auto n = ++unreadable_;
    while (n % 10 == 0) n /= 10;
    if (n == 1)
      log_->warn("neli: skipped {} records that are not neli's, the last at offset {}: {}",
                 unreadable_, at, bad->detail);
  }
  feed(input::read{at, std::move(what)});
}

void session::end_reached() { feed(input::end_reached{}); }

void session::gap(const std::string& why) {
  log_->warn("neli: reading the ledger anew: {}", why);
  feed(input::gap{});
}

void session::appended(core::ticket t) { feed(input::appended{t}); }

void session::append_failed(core::ticket t, const std::string& why) {
  log_->debug("neli: an append failed: {}", why);
  feed(input::append_failed{t});
}

// --- the membership ---

void session::assigned(const std::string& role) { feed(input::assigned{role}); }
void session::revoked(const std::string& role) { feed(input::revoked{role}); }
void session::lost(const std::string& role) { feed(input::lost{role}); }

// --- health ---

void session::trouble(error_code code, const std::string& what) {
  log_->log(code ? spdlog::level::warn : spdlog::level::info, "neli: {}", what);
  for (const auto& [name, weak] : roles_)
    if (const auto r = weak.lock()) r->tell(neli::trouble{code, what});
}

void session::failed(error_code code, const std::string& what) {
  if (failure_) return;
  log_->error("neli: {}", what);
  failure_ = with_text(code, what);
  for (const auto& [name, weak] : roles_)
    if (const auto r = weak.lock()) r->fail(failure_);
  feed(input::fail{});
}

// --- the end ---

void session::finished(const std::string&) {
  if (!store_.membership || failure_) return shut_down();
  store_.membership->leave([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->shut_down();
  });
}

void session::drop(role& r) {
  waiting_.erase(&r);
  roles_.erase(r.name());
  if (roles_.empty()) shut_down();
}

void session::shut_down() {
  if (std::exchange(stopped_, true)) return;
  time_->stop();
  waiting_.clear();
  store_.ledger->stop();
  if (store_.membership) store_.membership->stop();
  // This may be a call from the store, which can be freed only when it has returned.
  asio::post(strand_, [self = shared_from_this()] {
    self->store_ = {};
    for (const auto& [name, weak] : std::exchange(self->roles_, {}))
      if (const auto r = weak.lock()) r->closed();
  });
}

}  // namespace neli::shell
