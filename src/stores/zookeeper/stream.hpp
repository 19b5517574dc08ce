// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/net/tls.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <string>

namespace neli::stores::zookeeper {

namespace asio = boost::asio;

/// Bytes to and from a server, with or without TLS. Coroutines that run on the executor.
class stream {
 public:
  stream(const asio::any_io_executor&, std::shared_ptr<net::tls_client>);

  /// With TLS, to a server that shows a certificate which is signed well and for the host.
  asio::awaitable<void> connect(asio::ip::tcp::endpoint, const std::string& host);
  /// All bytes of it.
  asio::awaitable<void> read(asio::mutable_buffer);
  asio::awaitable<void> write(asio::const_buffer);
  /// Ends all of these.
  void close();

 private:
  asio::awaitable<void> shake_hands(const std::string& host);

  asio::ip::tcp::socket socket_;
  std::shared_ptr<net::tls_client> client_;
  std::unique_ptr<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
};

}  // namespace neli::stores::zookeeper
