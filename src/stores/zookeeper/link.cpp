// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/link.hpp"

#include "stores/net/resolve.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <random>
#include <string>
#include <utility>

namespace neli::stores::zookeeper {

using boost::system::error_code;
using boost::system::system_error;

namespace {

std::default_random_engine& random_source() {
  thread_local std::default_random_engine source{std::random_device{}()};
  return source;
}

settings in_random_order(settings s) {
  std::shuffle(s.servers.begin(), s.servers.end(), random_source());
  return s;
}

}  // namespace

/// One round over the servers.
struct link::attempt {
  explicit attempt(const asio::any_io_executor& on)
      : ended{on, asio::steady_timer::time_point::max()} {}

  asio::steady_timer ended;
  bool is_over = false;
  std::exception_ptr failure;
};

/// What the servers of a round have to say.
struct link::failures {
  error_code last;
  std::string who;
  std::string before;
  bool hung_up = false;

  void add(const server& s, const error_code& e) {
    if (last) before += who + ": " + last.message() + "; ";
    last = e;
    who = "ZooKeeper server '" + s.name + "'";
    hung_up = hung_up || e == asio::error::eof || e == asio::error::connection_reset ||
              e == asio::ssl::error::stream_truncated;
  }
};

link::link(const asio::any_io_executor& on, settings s)
    : on_{on}, settings_{in_random_order(std::move(s))} {}

asio::awaitable<std::shared_ptr<connection>> link::connected() {
  if (connection_ && connection_->is_open()) co_return connection_;
  auto mine = attempt_;
  if (!mine) {
    mine = attempt_ = std::make_shared<attempt>(on_);
    asio::co_spawn(
        on_, [self = shared_from_this(), mine] { return self->make(mine); }, asio::detached);
  }
  error_code ignored;
  if (!mine->is_over)
    co_await mine->ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  if (!mine->is_over) throw system_error{asio::error::operation_aborted};
  if (mine->failure) std::rethrow_exception(mine->failure);
  co_return connection_;
}

void link::leave() {
  left_ = true;
  if (connection_) connection_->leave();
}

asio::awaitable<void> link::make(std::shared_ptr<attempt> a) {
  try {
    co_await try_all();
  } catch (...) {
    a->failure = std::current_exception();
  }
  a->is_over = true;
  a->ended.cancel();
  attempt_ = nullptr;
}

asio::awaitable<void> link::try_all() {
  if (connection_) last_zxid_ = std::max(last_zxid_, connection_->zxid());
  failures all;
  for (std::size_t tried = 0; tried < settings_.servers.size() && !left_; ++tried) {
    const auto& s = settings_.servers[next_];
    next_ = (next_ + 1) % settings_.servers.size();
    const auto wrong = co_await try_one(s);
    if (!wrong) co_return;
    all.add(s, wrong);
  }
  // A server hangs up on a client that has seen more than itself. If there is none that has seen as
  // much, the servers have been restored or made anew.
  if (all.hung_up) last_zxid_ = 0;
  throw system_error{all.last, all.before + all.who};
}

asio::awaitable<error_code> link::try_one(const server& s) {
  std::vector<asio::ip::tcp::endpoint> addresses;
  try {
    addresses = co_await net::resolve(on_, s.host, s.port, settings_.to_connect);
  } catch (const system_error& e) {
    co_return e.code();
  }
  error_code wrong;
  std::shuffle(addresses.begin(), addresses.end(), random_source());
  for (const auto& address : addresses) {
    if (left_) co_return asio::error::operation_aborted;
    connection_ = std::make_shared<connection>(on_, settings_, s);
    wrong = co_await connection_->open(settings_, address, last_zxid_);
    if (!wrong) break;
  }
  co_return wrong;
}

}  // namespace neli::stores::zookeeper
