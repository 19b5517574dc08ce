// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/http/stream.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace neli::stores::http {

using std::chrono::milliseconds;
using request = beast::http::request<beast::http::string_body>;
using response = beast::http::response<beast::http::string_body>;

/// A connection to an HTTP/1.1 server, for one exchange after another. After an operation that
/// throws it must be closed.
class connection {
 public:
  /// Whether it can take another exchange: the server has not ended it.
  bool is_usable();
  asio::awaitable<void> open(asio::any_io_executor, endpoint, std::shared_ptr<net::tls_client>,
                             milliseconds limit);
  void close() { stream_.reset(); }

  asio::awaitable<void> send(request, milliseconds limit);
  /// A whole answer.
  asio::awaitable<response> receive(milliseconds limit);
  /// The beginning of an answer that may have no end; its status.
  asio::awaitable<unsigned> receive_head(milliseconds limit);
  /// What comes of its body; empty: it has ended.
  asio::awaitable<std::string> receive_some(milliseconds limit);

 private:
  asio::awaitable<void> parse_some();
  void end();

  std::unique_ptr<stream> stream_;
  beast::flat_buffer buffer_;
  std::optional<beast::http::response_parser<beast::http::string_body>> parser_;
  bool needs_more_ = false;  ///< what is in the buffer does not suffice for another step
};

}  // namespace neli::stores::http
