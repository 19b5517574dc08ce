// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/http/endpoint.hpp"
#include "stores/net/tls.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace neli::stores::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

/// A connected stream of bytes, with TLS or without.
class stream {
 public:
  virtual ~stream() = default;
  virtual asio::awaitable<std::size_t> read_some(asio::mutable_buffer) = 0;
  virtual asio::awaitable<void> write(asio::const_buffer) = 0;
  /// What is underneath, which limits the time of all operations.
  virtual beast::tcp_stream& tcp() = 0;
};

/// `with` may be null for an endpoint without TLS.
asio::awaitable<std::unique_ptr<stream>> connect(asio::any_io_executor, endpoint,
                                                 std::shared_ptr<net::tls_client> with,
                                                 std::chrono::milliseconds limit);

}  // namespace neli::stores::http
