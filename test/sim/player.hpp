// SPDX-License-Identifier: BSL-1.0
// The users of the real candidates and followers. They call everything that is allowed.
#pragma once

#include "sim/machine.hpp"
#include "sim/manners.hpp"
#include <neli/session.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace neli::sim {

/// The asynchronous operations of one user. Checks how they complete, and that they do.
class operations {
 public:
  operations(checks& c, std::string who) : checks_{c}, who_{std::move(who)} {}

  /// A handler for one operation. `bounded`: the operation ends by itself.
  auto begin(std::string what, bool bounded = true) {
    auto o = std::make_shared<operation>();
    o->what = std::move(what);
    o->bounded = bounded;
    list_.push_back(o);
    return asio::bind_cancellation_slot(
        o->cancel.slot(), [this, o](boost::system::error_code e, auto&&...) { ended(*o, e); });
  }
  /// The user has closed or destroyed the object of the operations.
  void closes() { closes_ = true; }
  void cancel_any(dice&);
  /// Checks that all operations have completed, or those that end by themselves.
  void check_ended(bool all) const;

 private:
  struct operation {
    std::string what;
    bool bounded = true;
    asio::cancellation_signal cancel;
    bool cancelled = false;
    bool ended = false;
  };

  void ended(operation&, boost::system::error_code);

  checks& checks_;
  const std::string who_;
  std::list<std::shared_ptr<operation>> list_;
  bool closes_ = false;
};

/// A candidate and its user.
class player : public std::enable_shared_from_this<player> {
 public:
  static std::shared_ptr<player> make(machine&, neli::session&, const std::string& role);

  const std::string& role() const { return role_; }
  bool leads() const { return candidate_ && candidate_->is_leader(); }
  std::optional<neli::term> term() const;
  std::optional<leader_info> leader() const;
  bool lives() const { return candidate_ && candidate_->state() == candidate_state::live; }
  /// Whether it has come to its end.
  bool closed() const { return !candidate_ || candidate_->state() == candidate_state::closed; }

  void resign();
  void close();
  /// The session closes the candidate.
  void is_closed() { operations_.closes(); }
  void destroy();
  void fiddle();
  void check_settled() const;
  void check_closed() const { operations_.check_ended(true); }

 private:
  using self_ptr = std::shared_ptr<player>;

  player(machine&, const std::string& role);

  static asio::awaitable<void> barrier(self_ptr, event);
  static asio::awaitable<void> task(self_ptr, neli::term);
  asio::awaitable<void> work(token term);
  asio::awaitable<void> run(manners);
  void barrier_begins(const event&);
  void barrier_ends(const event&);
  void lead();
  void read();
  void read_later();

  machine& machine_;
  surroundings& around_;
  const std::string role_;
  const std::string who_;
  const bool reads_slowly_;
  operations operations_;
  turns barriers_;
  turns told_;
  reading reading_;
  std::optional<leader_changed> last_told_;
  std::optional<neli::candidate> candidate_;
  std::optional<event_stream> events_;
};

/// A follower and its user.
class onlooker : public std::enable_shared_from_this<onlooker> {
 public:
  static std::shared_ptr<onlooker> make(machine&, neli::session&, const std::string& role);

  const std::string& role() const { return role_; }
  std::optional<leader_info> leader() const;
  void destroy() { follower_.reset(); }

 private:
  onlooker(machine&, const std::string& role);

  void read();

  machine& machine_;
  const std::string role_;
  const bool reads_slowly_;
  reading reading_;
  std::optional<neli::follower> follower_;
};

}  // namespace neli::sim
