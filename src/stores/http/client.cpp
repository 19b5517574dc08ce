// SPDX-License-Identifier: BSL-1.0
#include "stores/http/client.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace neli::stores::http {

using boost::system::error_code;
using boost::system::system_error;

namespace {

/// Beast's text for it speaks of a socket.
error_code told(error_code e) {
  return e == beast::error::timeout ? error_code{asio::error::timed_out} : e;
}

}  // namespace

/// What does not come to its end has failed.
class client::attempt {
 public:
  explicit attempt(client& c) : client_{c} {}
  attempt(const attempt&) = delete;
  attempt& operator=(const attempt&) = delete;
  ~attempt() {
    if (!well_) client_.leave_server();
  }
  void well() { well_ = true; }

 private:
  client& client_;
  bool well_ = false;
};

client::client(asio::any_io_executor on, std::shared_ptr<const servers> s)
    : on_{std::move(on)}, servers_{std::move(s)} {}

void client::leave_server() {
  connection_.close();
  current_ = (current_ + 1) % servers_->endpoints.size();
}

asio::awaitable<response> client::exchange(request q) {
  attempt a{*this};
  co_await send(std::move(q));
  try {
    auto answer = co_await connection_.receive(servers_->answer_limit);
    a.well();
    co_return answer;
  } catch (const system_error& e) {
    throw system_error{told(e.code()), server() + ": waiting for an answer"};
  }
}

asio::awaitable<unsigned> client::start(request q) {
  attempt a{*this};
  co_await send(std::move(q));
  try {
    const auto status = co_await connection_.receive_head(servers_->answer_limit);
    a.well();
    co_return status;
  } catch (const system_error& e) {
    throw system_error{told(e.code()), server() + ": waiting for an answer"};
  }
}

asio::awaitable<response> client::wait(request q, milliseconds limit) {
  attempt a{*this};
  co_await send(std::move(q));
  a.well();
  try {
    co_return co_await connection_.receive(limit);
  } catch (const system_error& e) {
    lose(e);
  }
}

asio::awaitable<std::string> client::more(milliseconds limit) {
  try {
    co_return co_await connection_.receive_some(limit);
  } catch (const system_error& e) {
    lose(e);
  }
}

void client::lose(const system_error& e) {
  const auto from = server();
  // It is no fault of the server's when nobody waits any more.
  if (e.code() == asio::error::operation_aborted)
    close();
  else
    leave_server();
  throw system_error{told(e.code()), from + ": waiting"};
}

asio::awaitable<void> client::send(request q) {
  if (!connection_.is_usable()) co_await connect();
  q.version(11);
  q.set(beast::http::field::host, current().authority());
  try {
    co_await connection_.send(std::move(q), servers_->answer_limit);
  } catch (const system_error& e) {
    throw system_error{told(e.code()), server() + ": sending"};
  }
}

asio::awaitable<void> client::connect() {
  std::string others;
  for (std::size_t left = servers_->endpoints.size();; --left) {
    try {
      co_await connection_.open(on_, current(), servers_->tls, servers_->connect_limit);
      co_return;
    } catch (const system_error& e) {
      if (left == 1) throw system_error{told(e.code()), others + server() + ": connecting"};
      others += server() + ": connecting: " + told(e.code()).message() + "; ";
    }
    leave_server();
  }
}

}  // namespace neli::stores::http
