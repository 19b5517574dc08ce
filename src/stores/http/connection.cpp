// SPDX-License-Identifier: BSL-1.0
#include "stores/http/connection.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/none.hpp>
#include <boost/system/system_error.hpp>

#include <sstream>
#include <utility>

namespace neli::stores::http {

using boost::system::error_code;
using boost::system::system_error;
namespace http = beast::http;

namespace {

constexpr std::size_t read_size = 16 * 1024;
/// No value is larger, also not in base64.
constexpr std::uint64_t largest_answer = 128 * 1024 * 1024;

std::string text_of(request& q) {
  q.prepare_payload();
  std::ostringstream text;
  text << q;
  return std::move(text).str();
}

}  // namespace

bool connection::is_usable() {
  if (!stream_) return false;
  // The server says nothing between two exchanges: what can be read is the connection's end.
  auto& socket = stream_->tcp().socket();
  error_code error;
  socket.non_blocking(true, error);
  char one = 0;
  if (!error) socket.receive(asio::buffer(&one, 1), asio::socket_base::message_peek, error);
  return error == asio::error::would_block;
}

asio::awaitable<void> connection::open(asio::any_io_executor on, endpoint to,
                                       std::shared_ptr<net::tls_client> with, milliseconds limit) {
  close();
  buffer_.clear();
  stream_ = co_await connect(on, std::move(to), std::move(with), limit);
}

asio::awaitable<void> connection::send(request q, milliseconds limit) {
  const auto text = text_of(q);
  stream_->tcp().expires_after(limit);
  co_await stream_->write(asio::buffer(text));
  needs_more_ = true;
  parser_.emplace();
  parser_->eager(true);
  parser_->body_limit(largest_answer);
}

asio::awaitable<response> connection::receive(milliseconds limit) {
  stream_->tcp().expires_after(limit);
  while (!parser_->is_done()) co_await parse_some();
  if (!parser_->keep_alive()) close();
  co_return parser_->release();
}

asio::awaitable<unsigned> connection::receive_head(milliseconds limit) {
  parser_->body_limit(boost::none);
  stream_->tcp().expires_after(limit);
  while (!parser_->is_header_done()) co_await parse_some();
  co_return parser_->get().result_int();
}

asio::awaitable<std::string> connection::receive_some(milliseconds limit) {
  stream_->tcp().expires_after(limit);
  auto& body = parser_->get().body();
  while (body.empty() && !parser_->is_done()) co_await parse_some();
  co_return std::exchange(body, {});
}

asio::awaitable<void> connection::parse_some() {
  error_code error;
  if (needs_more_ || buffer_.size() == 0) {
    needs_more_ = false;
    const auto room = buffer_.prepare(read_size);
    std::size_t size = 0;
    try {
      size = co_await stream_->read_some(room);
    } catch (const system_error& e) {
      if (e.code() != asio::error::eof) throw;
    }
    if (size == 0) co_return end();
    buffer_.commit(size);
  }
  buffer_.consume(parser_->put(buffer_.data(), error));
  if (error == http::error::need_more)
    needs_more_ = true;
  else if (error)
    throw system_error{error};
}

/// Some answers are as long as the connection.
void connection::end() {
  error_code error = http::error::end_of_stream;
  if (parser_->got_some()) parser_->put_eof(error);
  if (error) throw system_error{error};
}

}  // namespace neli::stores::http
