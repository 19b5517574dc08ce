// SPDX-License-Identifier: BSL-1.0
#include "shell/session.hpp"

#include "attempt.hpp"
#include "core/overloaded.hpp"
#include "with_text.hpp"
#include <neli/error.hpp>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace neli::shell {

namespace input = core::input;
namespace action = core::action;

session::session(const asio::any_io_executor& executor, core::settings settings,
                 core::identity self, std::shared_ptr<spdlog::logger> log,
                 std::shared_ptr<observer> o, const make_time& time)
    : executor_{executor},
      strand_{asio::make_strand(executor)},
      log_{std::move(log)},
      time_{time(strand_)},
      observer_{std::move(o)},
      driver_{settings, std::move(self), *this, observer_} {}

session::~session() = default;

void session::open(const stores::make_store& make) {
  auto made = make(strand_, *this);
  ledger_ = std::move(made.ledger);
  join_ = std::move(made.join);
}

void session::start() {
  asio::post(strand_, [self = shared_from_this()] {
    if (!self->stopped()) self->driver_.start();
  });
}

// --- its handles, candidates and followers ---

void session::attach_handle() {
  asio::dispatch(strand_, [self = shared_from_this()] { self->has_handle_ = true; });
}

void session::detach_handle() {
  asio::dispatch(strand_, [self = shared_from_this()] {
    self->has_handle_ = false;
    if (!self->needed()) self->shut_down();
  });
}

std::shared_ptr<candidate> session::contend(const std::string& name, barrier_function b) {
  const auto user = asio::make_strand(executor_);
  if (!registry_.take(name, user))
    throw config_error{"role", name, "must not have a candidate in this session already"};
  auto made = std::make_shared<candidate>(name, shared_from_this(), user, std::move(b));
  asio::post(strand_, [made, self = shared_from_this()] { self->begin(made); });
  return made;
}

std::shared_ptr<follower> session::follow(const std::string& name) {
  auto made = std::make_shared<follower>(name, shared_from_this());
  asio::post(strand_, [made, self = shared_from_this()] { self->begin(made); });
  return made;
}

void session::begin(const std::shared_ptr<candidate>& r) {
  if (refuses(*r)) return vacate(*r);
  registry_.add(r);
  feed(input::contend{r->name()});
  introduce(*r);
  join_group();
}

void session::begin(const std::shared_ptr<follower>& f) {
  if (refuses(*f)) return;
  registry_.add(f);
  feed(input::watch{f->name()});
  introduce(*f);
}

/// An endpoint that comes too late is closed at once.
bool session::refuses(endpoint& p) {
  if (stage_ == stage::open) return false;
  if (failure_) p.fail(failure_);
  p.closed();
  return true;
}

/// Tells a new endpoint now, if other endpoints have already been told who leads.
void session::introduce(endpoint& p) {
  if (p.knows()) return;
  const auto [leader, why] = driver_.core().announced(p.name());
  if (leader || why != vacancy::unknown) p.tell(leader_changed{leader, why});
}

void session::set_metadata(std::string metadata) {
  asio::dispatch(strand_, [self = shared_from_this(), metadata = std::move(metadata)]() mutable {
    self->feed(input::set_metadata{std::move(metadata)});
  });
}

// --- the switch ---

void session::feed(core::any_input i) {
  if (!driver_.feed(std::move(i))) return;
  health_.note(driver_.core(), time_->now());
  note_resignations();
  rearm();
}

void session::perform(const core::any_action& a) {
  std::visit(core::overloaded{
                 [&](const action::append& x) {
                   if (observer_) sent_.emplace(x.ticket, time_->now());
                   ledger_->append(x.ticket, core::encode(x.record));
                 },
                 [&](const action::read_back& x) { ledger_->read_back(x.records); },
                 [&](const action::emit& x) { emit(x.role, x.event); },
                 [&](const action::lead& x) {
                   if (auto* r = registry_.find(x.role)) r->renew(x.term, x.until);
                 },
                 [&](const action::stop_leading& x) {
                   if (auto* r = registry_.find(x.role)) r->stop_leading();
                 },
                 [&](const action::run_barrier& x) {
                   if (auto* r = registry_.find(x.role)) r->run_barrier(x.id, x.event);
                 },
                 [&](const action::cancel_barrier& x) {
                   if (auto* r = registry_.find(x.role)) r->cancel_barrier();
                 },
                 [&](const action::abandon_barrier& x) {
                   if (auto* r = registry_.find(x.role)) r->abandon_barrier();
                 },
                 // A session that has left the group already has given everything back.
                 [&](const action::give_back& x) {
                   if (membership_) membership_->give_back(x.role);
                 },
                 [&](const action::hindered& x) {
                   if (auto* r = registry_.find(x.role)) r->hindered(x.by);
                 },
                 [&](const action::finished& x) { finished(x.role); },
             },
             a);
}

void session::emit(const std::string& role, const event& e) {
  for (const auto& one : registry_.of(role)) one->tell(e);
}

// --- time ---

void session::waits(candidate& r) {
  waiting_.insert(&r);
  timeout_ = std::min(timeout_, r.next_timeout());
  if (!driver_.stepping()) rearm();  // else once for all, when the step is over
}

void session::rearm() {
  if (stopped()) return;
  time_->wake_at(std::min(driver_.core().deadline(), timeout_), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->alarm();
  });
}

void session::alarm() {
  if (timeout_ <= time_->now()) time_out();
  if (driver_.core().deadline() <= time_->now())
    feed(input::tick{});
  else
    rearm();
}

void session::time_out() {
  for (auto* r : waiting_) r->time_out(time_->now());
  std::erase_if(waiting_,
                [](const auto* r) { return r->next_timeout() == clock::time_point::max(); });
  timeout_ = clock::time_point::max();
  for (auto* r : waiting_) timeout_ = std::min(timeout_, r->next_timeout());
}

void session::resigns(candidate& r) { resigning_.insert(&r); }

void session::note_resignations() {
  std::erase_if(resigning_, [this](auto* r) {
    const auto* c = driver_.core().candidate(r->name());
    if (c && c->giving_up()) return false;
    r->resigned();
    return true;
  });
}

// --- the ledger ---

void session::reading(core::offset since, bool beginning, const std::string& log) {
  log_->debug("neli: reading the ledger from offset {}{}", since,
              beginning ? ", its beginning" : "");
  if (!std::exchange(readable_, true) && membership_) membership_->join();
  feed(input::reading{since, beginning, log});
}

void session::record(core::offset at, core::stamp taken, std::string_view value) {
  auto what = core::decode(value);
  if (const auto* bad = std::get_if<core::unreadable>(&what)) {
    // Once in a while: the first, the tenth, the hundredth, ...
    auto n = ++unreadable_;
    while (n % 10 == 0) n /= 10;
    if (n == 1)
      log_->warn("neli: skipped {} records that are not neli's, the last at offset {}: {}",
                 unreadable_, at, bad->detail);
  }
  feed(input::read{at, std::move(what), taken, core::fingerprint_of(value, taken)});
}

void session::end_reached() { feed(input::end_reached{}); }

void session::gap(const std::string& why) {
  log_->warn("neli: reading the ledger anew: {}", why);
  feed(input::gap{});
}

void session::appended(core::ticket t) {
  observe_outcome(t, &observer::appended);
  feed(input::appended{t});
}

void session::append_failed(core::ticket t, const std::string& why) {
  log_->debug("neli: an append failed: {}", why);
  observe_outcome(t, &observer::append_failed);
  feed(input::append_failed{t});
}

void session::observe_outcome(core::ticket t, void (observer::*what)(clock::duration)) {
  const auto sent = sent_.extract(t);
  if (sent) ((*observer_).*what)(time_->now() - sent.mapped());
}

// --- the membership ---

void session::assigned(const std::string& role) { feed(input::assigned{role}); }
void session::asked_back(const std::string& role) { feed(input::asked_back{role}); }
void session::lost(const std::string& role) { feed(input::lost{role}); }

/// One membership for all candidates, for as long as there are any.
void session::join_group() {
  if (!join_ || membership_) return;
  if (const auto e = attempt([this] { membership_ = join_(strand_, *this); }))
    return failed(e->code, e->what);
  if (readable_) membership_->join();
}

void session::quit_group() {
  if (!membership_) return;
  membership_->stop();
  // The membership may be calling: it is freed when that has returned.
  asio::post(strand_, [m = std::shared_ptr{std::move(membership_)}] {});
  feed(input::left{});
}

// --- health ---

void session::trouble(const std::string& part, error_code code, const std::string& what) {
  health_.note(part, {code, what});
  if (observer_) observer_->store_trouble(part, {code, what});
  log_->log(code ? spdlog::level::warn : spdlog::level::info, "neli: {}", what);
  for (const auto& one : registry_.all()) one->tell(neli::trouble{code, what});
}

void session::failed(error_code code, const std::string& what) {
  if (failure_) return;
  log_->error("neli: {}", what);
  failure_ = with_text(code, what);
  go_to(stage::ending);
  for (const auto& one : registry_.all()) one->fail(failure_);
  feed(input::fail{});
  if (!needed()) shut_down();
}

// --- the end ---
//
// what comes                     what it ends
// close() of an endpoint         that one: a follower at once, a candidate when the core has given
//                                everything up, and the last one of a group when that has been left
// its handle's destruction       the same at once, without a good-bye (drop, unfollow)
// the session's close()          all of them, as their own close() does
// an error of the store (failed) all of them, as close() does, with the error
// the session's handle is gone   nothing; but without it the session ends with its last endpoint
// the context's end              everything is destroyed with the handlers that it holds
//
// When no endpoint needs it any more, the session shuts down: the store is stopped, and a handler
// of its own frees it; then the last endpoints and the session are closed.

void session::go_to(stage s) {
  stage_ = std::max(stage_, s);
  if (stage_ == stage::open) return;
  health_.note(stage_ == stage::freed ? candidate_state::closed : candidate_state::closing);
}

void session::close(detail::closed_handler handler) {
  const bool to_the_end = !called_by_user_code();
  auto op = make_pending(std::move(handler), executor_, strand_);
  asio::dispatch(strand_, [op, to_the_end, self = shared_from_this()] {
    if (self->stage_ == stage::freed) return op->complete({});
    self->go_to(stage::ending);
    self->closing_.push_back(op);
    if (!to_the_end) op->complete({});
    for (const auto& one : self->registry_.all()) one->begin_to_close();
    const auto candidates = self->registry_.candidates();
    for (const auto& one : candidates) self->feed(input::close{one->name()});
    if (candidates.empty()) self->shut_down();
  });
}

void session::finished(const std::string& name) {
  auto* r = registry_.find(name);
  if (!r) return;
  leaving_.insert(r);
  const auto all = registry_.candidates();
  const bool last = std::all_of(all.begin(), all.end(),
                                [this](const auto& one) { return leaving_.contains(one.get()); });
  if (!membership_ || failure_ || !last) {
    forget(*r);
    return end(r->shared_from_this());
  }
  // A candidate that is made and closed while the group is being left waits with those before it.
  if (leaving_.size() > 1) return;
  membership_->leave([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && !self->stopped()) self->left_group();
  });
}

void session::left_group() {
  endpoints all;
  for (auto* r : std::exchange(leaving_, {})) {
    all.push_back(r->shared_from_this());
    forget(*r);
  }
  quit_group();
  if (registry_.any_candidates()) join_group();  // another has come meanwhile
  for (const auto& r : all) end(r);
}

void session::drop(candidate& r) {
  const auto name = r.name();
  forget(r);
  if (!needed()) return shut_down();
  feed(input::drop{name});
  if (!registry_.any_candidates()) quit_group();
}

void session::unfollow(follower& f) {
  if (!registry_.remove(f)) return;
  feed(input::unwatch{f.name()});
  end(f.shared_from_this());
}

void session::forget(candidate& r) {
  waiting_.erase(&r);
  resigning_.erase(&r);
  leaving_.erase(&r);
  registry_.remove(r);
  vacate(r);
}

/// Also after an error, candidates end in order.
bool session::needed() const {
  if (registry_.any_candidates()) return true;
  return stage_ == stage::open && (has_handle_ || registry_.any_followers());
}

/// The last endpoint is closed when everything is freed.
void session::end(std::shared_ptr<endpoint> p) {
  if (needed()) return p->closed();
  shut_down();
  if (const auto others = ending_.lock()) return others->push_back(std::move(p));
  p->closed();
}

void session::shut_down() {
  if (stopped()) return;
  go_to(stage::stopped);
  time_->stop();
  waiting_.clear();
  resigning_.clear();
  leaving_.clear();
  ledger_->stop();
  if (membership_) membership_->stop();
  const auto ending = std::make_shared<endpoints>();
  ending_ = ending;
  // The store may be calling: it is freed when that has returned.
  asio::post(strand_, [self = shared_from_this(), ending] {
    self->ledger_.reset();
    self->membership_.reset();
    self->go_to(stage::freed);
    for (auto& one : self->registry_.all()) ending->push_back(std::move(one));
    self->registry_.clear();
    self->ending_.reset();
    for (const auto& p : *ending) p->closed();
    for (const auto& op : std::exchange(self->closing_, {})) op->complete({});
  });
}

}  // namespace neli::shell
