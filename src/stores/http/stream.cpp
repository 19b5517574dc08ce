// SPDX-License-Identifier: BSL-1.0
#include "stores/http/stream.hpp"

#include "stores/net/resolve.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string>
#include <utility>

namespace neli::stores::http {

namespace ssl = asio::ssl;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using boost::system::system_error;

namespace {

class plain_stream final : public stream {
 public:
  explicit plain_stream(beast::tcp_stream s) : stream_{std::move(s)} {}

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer to) override {
    co_return co_await stream_.async_read_some(to, use_awaitable);
  }
  asio::awaitable<void> write(asio::const_buffer from) override {
    co_await asio::async_write(stream_, from, use_awaitable);
  }
  beast::tcp_stream& tcp() override { return stream_; }

 private:
  beast::tcp_stream stream_;
};

class tls_stream final : public stream {
 public:
  tls_stream(beast::tcp_stream s, std::shared_ptr<net::tls_client> with)
      : with_{std::move(with)}, stream_{std::move(s), with_->context} {}

  asio::awaitable<void> shake_hands(std::string host) {
    error_code no_address;
    asio::ip::make_address(host, no_address);
    // The server may have several certificates; an address is no name to choose by.
    if (no_address && SSL_ctrl(stream_.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
                               TLSEXT_NAMETYPE_host_name, host.data()) != 1)
      throw system_error{
          error_code{static_cast<int>(ERR_get_error()), asio::error::get_ssl_category()}};
    if (with_->verify_name) stream_.set_verify_callback(ssl::host_name_verification{host});
    co_await stream_.async_handshake(ssl::stream_base::client, use_awaitable);
  }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer to) override {
    co_return co_await stream_.async_read_some(to, use_awaitable);
  }
  asio::awaitable<void> write(asio::const_buffer from) override {
    co_await asio::async_write(stream_, from, use_awaitable);
  }
  beast::tcp_stream& tcp() override { return stream_.next_layer(); }

 private:
  std::shared_ptr<net::tls_client> with_;
  ssl::stream<beast::tcp_stream> stream_;
};

/// One address may be a black hole: each is given its share of the time.
asio::awaitable<beast::tcp_stream> reach(asio::any_io_executor on,
                                         std::vector<tcp::endpoint> addresses,
                                         std::chrono::milliseconds limit) {
  error_code error;
  for (const auto& address : addresses) {
    beast::tcp_stream s{on};
    s.expires_after(limit / static_cast<int>(addresses.size()));
    co_await s.async_connect(address, asio::redirect_error(use_awaitable, error));
    if (error) continue;
    s.socket().set_option(tcp::no_delay{true});
    s.socket().set_option(asio::socket_base::keep_alive{true});
    s.expires_after(limit);
    co_return s;
  }
  throw system_error{error, "connecting"};
}

}  // namespace

asio::awaitable<std::unique_ptr<stream>> connect(asio::any_io_executor on, endpoint to,
                                                 std::shared_ptr<net::tls_client> with,
                                                 std::chrono::milliseconds limit) {
  auto addresses = co_await net::resolve(on, to.host, to.port, limit);
  auto reached = co_await reach(on, std::move(addresses), limit);
  if (!to.secure) co_return std::make_unique<plain_stream>(std::move(reached));
  auto made = std::make_unique<tls_stream>(std::move(reached), std::move(with));
  co_await made->shake_hands(to.host);
  co_return made;
}

}  // namespace neli::stores::http
