// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/http/connection.hpp"

#include <boost/system/system_error.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace neli::stores::http {

/// Servers that serve the same, and how they are reached.
struct servers {
  std::vector<endpoint> endpoints;       ///< at least one
  std::shared_ptr<net::tls_client> tls;  ///< null if none of them uses it
  milliseconds connect_limit{0};         ///< for each server
  milliseconds answer_limit{0};          ///< for sending a request, and for its answer
};

/// Exchanges with one of some servers, over one connection, one exchange at a time. When a server
/// cannot be connected to, the next is tried. When an exchange fails or is cancelled, it is not
/// done again, as the server may have done it; the next exchange is with the next server.
///
/// Throws `system_error`, with the server in the text.
class client {
 public:
  client(asio::any_io_executor, std::shared_ptr<const servers>);

  asio::awaitable<response> exchange(request);
  /// One whose answer may be a long time in coming. To cancel it is no failure.
  asio::awaitable<response> wait(request, milliseconds limit);

  /// Begins an exchange whose answer goes on and on; its status.
  asio::awaitable<unsigned> start(request);
  /// What comes of the answer's body; empty: it has ended.
  asio::awaitable<std::string> more(milliseconds limit);

  void close() { connection_.close(); }
  /// From now on with the next server.
  void leave_server();
  /// The server of the last exchange.
  std::string server() const { return current().authority(); }

 private:
  class attempt;

  const endpoint& current() const { return servers_->endpoints[current_]; }
  asio::awaitable<void> connect();
  asio::awaitable<void> send(request);
  [[noreturn]] void lose(const boost::system::system_error&);

  asio::any_io_executor on_;
  std::shared_ptr<const servers> servers_;
  std::size_t current_ = 0;
  connection connection_;
};

}  // namespace neli::stores::http
