// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/connection.hpp"

#include "stores/zookeeper/errors.hpp"
#include "stores/zookeeper/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace neli::stores::zookeeper {

using namespace std::chrono_literals;
using asio::use_awaitable;
using boost::system::error_code;
using boost::system::system_error;

namespace {

constexpr auto never = asio::steady_timer::time_point::max();
/// What is asked for; the servers have bounds of their own. No node depends on the session.
constexpr auto wanted_timeout = 15s;
constexpr std::chrono::milliseconds shortest_beat = 10ms;
/// How long an orderly end may take.
constexpr auto to_leave = 1s;

}  // namespace

/// For the answer to one request.
struct connection::waiting {
  explicit waiting(const asio::any_io_executor& on) : ended{on, never} {}

  asio::steady_timer ended;
  std::optional<answer> got;
};

connection::connection(const asio::any_io_executor& on, const settings& how, const server& s)
    : on_{on},
      server_{s},
      stream_{on, how.tls},
      pulse_{on},
      changed_{on, never},
      beat_{how.to_be_silent} {}

// --- opening ---

asio::awaitable<error_code> connection::open(const settings& how, asio::ip::tcp::endpoint to,
                                             std::int64_t last_zxid) {
  pulse_.expires_after(how.to_connect);
  pulse_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self && self->state_ == state::opening) self->end(asio::error::timed_out);
  });
  try {
    co_await open_session(how, to, last_zxid);
  } catch (const system_error& e) {
    end(e.code());
  }
  if (state_ == state::ended) co_return why_ended_;
  state_ = state::open;
  pulse_.cancel();
  const auto self = shared_from_this();
  asio::co_spawn(
      on_, [self] { return self->read(); }, asio::detached);
  asio::co_spawn(
      on_, [self] { return self->stay_alive(); }, asio::detached);
  co_return error_code{};
}

asio::awaitable<void> connection::open_session(const settings& how, asio::ip::tcp::endpoint to,
                                               std::int64_t last_zxid) {
  co_await stream_.connect(to, server_.host);
  const auto first = hello(last_zxid, wanted_timeout);
  co_await stream_.write(asio::buffer(first));
  const auto welcome = co_await frame();
  // A third of it, so that two signs of life may be late.
  beat_ = std::min(beat_, std::max(session_timeout(welcome) / 3, shortest_beat));
  if (how.user.empty()) co_return;
  const auto who = credentials(how.user, how.password);
  co_await stream_.write(asio::buffer(who));
  const auto taken = co_await frame();
  if (const auto h = read_header(taken); h.error != code::ok) fail(h.error, server_.name);
}

asio::awaitable<std::string> connection::frame() {
  std::array<char, prefix_size> prefix{};
  co_await stream_.read(asio::buffer(prefix));
  std::string got(frame_size({prefix.data(), prefix.size()}), '\0');
  co_await stream_.read(asio::buffer(got));
  ++heard_;
  co_return got;
}

// --- asking ---

asio::awaitable<connection::answer> connection::ask(request r) {
  if (state_ != state::open) tell_why_ended();
  // Numbers below one mean something else.
  last_xid_ = last_xid_ == std::numeric_limits<std::int32_t>::max() ? 1 : last_xid_ + 1;
  const auto xid = last_xid_;
  const auto one = std::make_shared<waiting>(on_);
  asked_[xid] = one;
  const auto heard_before = heard_;
  send(framed(xid, r));
  error_code ignored;
  co_await one->ended.async_wait(asio::redirect_error(use_awaitable, ignored));
  asked_.erase(xid);
  if (!one->got) {
    if (state_ != state::open) tell_why_ended();
    // The operation was cancelled. A server that was silent for so long may be gone.
    if (heard_ == heard_before) end(asio::error::timed_out);
    throw system_error{asio::error::operation_aborted};
  }
  if (const auto e = one->got->error; ends_session(e)) {
    end(asio::error::connection_reset);
    fail(e, server_.name);
  }
  co_return std::move(*one->got);
}

asio::awaitable<void> connection::news() {
  if (has_news_ || state_ != state::open) co_return;
  error_code ignored;
  co_await changed_.async_wait(asio::redirect_error(use_awaitable, ignored));
}

void connection::send(std::string frame) {
  unsent_.push_back(std::move(frame));
  if (unsent_.size() > 1) return;
  asio::co_spawn(
      on_, [self = shared_from_this()] { return self->write(); }, asio::detached);
}

void connection::take(std::string frame) {
  const auto h = read_header(frame);
  if (h.zxid > 0) zxid_ = h.zxid;
  if (h.xid == watch_xid) {
    has_news_ = true;
    changed_.cancel();
  } else if (const auto found = asked_.find(h.xid); found != asked_.end()) {
    found->second->got = answer{h.error, std::move(frame)};
    found->second->ended.cancel();
  }
}

// --- its own coroutines ---

asio::awaitable<void> connection::write() {
  try {
    while (!unsent_.empty() && state_ != state::ended) {
      co_await stream_.write(asio::buffer(unsent_.front()));
      unsent_.pop_front();
    }
  } catch (const system_error& e) {
    end(e.code());
  }
}

asio::awaitable<void> connection::read() {
  try {
    for (;;) take(co_await frame());
  } catch (const system_error& e) {
    end(e.code());
  }
}

asio::awaitable<void> connection::stay_alive() {
  constexpr int too_many = 3;
  int silent = 0;
  while (state_ != state::ended) {
    const auto heard_before = heard_;
    const bool leaving = state_ == state::leaving;
    pulse_.expires_after(leaving ? std::chrono::milliseconds{to_leave} : beat_);
    error_code woken;
    co_await pulse_.async_wait(asio::redirect_error(use_awaitable, woken));
    if (leaving) end(asio::error::timed_out);
    if (woken || leaving) continue;
    silent = heard_ == heard_before ? silent + 1 : 0;
    if (silent == too_many)
      end(asio::error::timed_out);
    else if (silent > 0)
      send(ping());
  }
}

// --- ending ---

void connection::leave() {
  if (state_ != state::open) return end(asio::error::operation_aborted);
  state_ = state::leaving;
  send(good_bye());
  pulse_.cancel();
}

void connection::end(error_code why) {
  if (state_ == state::ended) return;
  state_ = state::ended;
  why_ended_ = why;
  stream_.close();
  pulse_.cancel();
  changed_.cancel();
  for (const auto& [xid, one] : asked_) one->ended.cancel();
}

void connection::tell_why_ended() const {
  throw system_error{why_ended_, "the connection to ZooKeeper server '" + server_.name + "'"};
}

}  // namespace neli::stores::zookeeper
