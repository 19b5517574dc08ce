// SPDX-License-Identifier: BSL-1.0
#include "guard/watch.hpp"

#include "config/validate.hpp"
#include "core/record.hpp"
#include "guard/channel.hpp"
#include "stores/setup.hpp"
#include <neli/config.hpp>
#include <neli/logging.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

namespace neli::guards {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds before_opening_again = 1s;
constexpr std::chrono::milliseconds before_releasing_again = 100ms;
constexpr std::chrono::milliseconds longest_stay = 10s;

}  // namespace

watch::watch(const strand& s, descriptor socket, make_guarded_store make, sufficient what,
             std::function<void()> over)
    : strand_{s},
      make_{std::move(make)},
      sufficient_{what},
      over_{std::move(over)},
      socket_{s, socket.release()},
      again_{s},
      end_{s} {}

template <class F>
auto watch::while_alive(F f) {
  return [weak = weak_from_this(), f = std::move(f)](auto&&... args) {
    const auto self = weak.lock();
    if (self && !self->over_yet_) f(std::forward<decltype(args)>(args)...);
  };
}

void watch::start() { listen(); }

// --- what it is told ---

void watch::listen() {
  socket_.async_wait(asio::posix::descriptor_base::wait_read, while_alive([this](error_code ec) {
                       if (!ec) hear();
                     }));
}

/// All that is there. The process may be dead by then: the last that it has told comes first.
void watch::hear() {
  while (socket_.is_open()) {
    auto p = receive(socket_.native_handle());
    if (!p) return dead_ ? void() : listen();
    if (!p->closed) {
      take(*p);
      continue;
    }
    error_code ignored;
    socket_.close(ignored);
    if (dead_) return;
    // The session is closed, or the process is dying. After a lease nobody waits for its terms.
    if (terms_.empty() || !proof_) return end();
    end_after(2 * hello_.lease);
  }
}

void watch::take(packet& p) {
  for (const auto& m : p.messages) {
    if (const auto* h = std::get_if<hello>(&m)) meet(*h, std::move(p.descriptors));
    if (const auto* c = std::get_if<claimed>(&m)) terms_[{c->id, c->role}] = {*c};
    if (const auto* e = std::get_if<ended>(&m)) {
      const auto known = terms_.find({e->id, e->role});
      if (known != terms_.end() && known->second.what.term == e->term) terms_.erase(known);
    }
  }
}

void watch::meet(const hello& h, std::vector<descriptor> handed) {
  if (proof_) return;
  hello_ = h;
  evidence e;
  if (!handed.empty()) e.pidfd = std::move(handed[0]);
  if (handed.size() > 1) e.pipe = std::move(handed[1]);
  const auto what =
      h.children || sufficient_ == sufficient::end_of_file ? sufficient_ : sufficient::pidfd;
  try {
    proof_.emplace(strand_, std::move(e), what, while_alive([this] { is_dead(); }));
  } catch (const std::exception& x) {
    tell(unwell{x.what()});
    return end();  // it is tried again
  }
  open();
}

// --- the store ---

void watch::open() {
  try {
    config c{.store = make_(hello_.store),
             .ledger = hello_.ledger,
             .name = hello_.name,
             .lease = hello_.lease,
             .clock_drift = hello_.clock_drift,
             .logger = no_logger()};
    c = complete(std::move(c), stores::use::contending);
    ledger_ = c.store.setup()->opener()(strand_, *this).ledger;
  } catch (const std::exception& e) {
    return open_later(e.what());
  }
  ledger_->read_back(0);
}

void watch::open_later(const std::string& why) {
  tell(unwell{why});
  close_store();
  again_.expires_after(before_opening_again);
  again_.async_wait(while_alive([this](error_code ec) {
    if (!ec) open();
  }));
}

/// It may be calling: it is freed when that has returned.
void watch::close_store() {
  ready_ = false;
  troubles_.clear();
  for (const auto& [ticket, key] : std::exchange(appending_, {}))
    if (const auto known = terms_.find(key); known != terms_.end()) known->second.released = false;
  if (!ledger_) return;
  ledger_->stop();
  asio::post(strand_, [l = std::shared_ptr{std::move(ledger_)}] {});
}

void watch::reading(core::offset, bool, const std::string&) {
  ready_ = true;
  tell_health();
  if (dead_) release_all();
}

/// A claim that was still on its way when its process died: the release that stands before it was
/// void.
void watch::record(core::offset, core::stamp, std::string_view value) {
  if (!dead_) return;
  const auto decoded = core::decode(value);
  const auto* r = std::get_if<core::record>(&decoded);
  const auto* c = r ? std::get_if<core::claim>(r) : nullptr;
  if (!c) return;
  const auto known = terms_.find({c->by.id, c->role});
  if (known != terms_.end() && known->second.what.term == c->term) release(known->second);
}

void watch::gap(const std::string&) { ledger_->read_back(0); }

void watch::trouble(const std::string& part, error_code e, const std::string& what) {
  if (e)
    troubles_[part] = what;
  else
    troubles_.erase(part);
  tell_health();
}

void watch::failed(error_code, const std::string& what) { open_later(what); }

void watch::tell_health() {
  if (!troubles_.empty())
    tell(unwell{troubles_.begin()->second});
  else if (ready_)
    tell(well{});
}

/// What cannot be told now is of no use later.
void watch::tell(const message& m) {
  if (socket_.is_open() && !dead_) send(socket_.native_handle(), {m});
}

// --- when the process is dead ---

void watch::is_dead() {
  dead_ = true;
  hear();
  if (terms_.empty()) return end();
  // A claim may still be on its way. After a lease nobody waits for these terms.
  end_after(std::min(2 * hello_.lease, longest_stay));
  release_all();
}

void watch::release_all() {
  if (!ready_) return;
  for (auto& [key, t] : terms_)
    if (!t.released) release(t);
}

void watch::release(term& t) {
  if (!ledger_ || !ready_) return;
  t.released = true;
  appending_[++last_ticket_] = {t.what.id, t.what.role};
  ledger_->append(last_ticket_, core::encode(core::release{
                                    .role = t.what.role, .id = t.what.id, .term = t.what.term}));
}

void watch::appended(core::ticket t) { appending_.erase(t); }

void watch::append_failed(core::ticket t, const std::string&) {
  const auto failed = appending_.extract(t);
  if (!failed) return;
  if (const auto known = terms_.find(failed.mapped()); known != terms_.end())
    known->second.released = false;
  again_.expires_after(before_releasing_again);
  again_.async_wait(while_alive([this](error_code ec) {
    if (!ec) release_all();
  }));
}

void watch::end_after(milliseconds t) {
  end_.expires_after(t);
  end_.async_wait(while_alive([this](error_code ec) {
    if (!ec) end();
  }));
}

void watch::end() {
  if (std::exchange(over_yet_, true)) return;
  again_.cancel();
  end_.cancel();
  error_code ignored;
  socket_.close(ignored);
  close_store();
  // It may be the proof that calls.
  asio::post(strand_, [self = shared_from_this()] {
    self->proof_.reset();
    self->over_();
  });
}

}  // namespace neli::guards
