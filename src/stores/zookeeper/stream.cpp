// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/stream.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/ssl.h>

#include <utility>

namespace neli::stores::zookeeper {

using asio::use_awaitable;
using asio::ip::tcp;

stream::stream(const asio::any_io_executor& on, std::shared_ptr<net::tls_client> c)
    : socket_{on}, client_{std::move(c)} {
  if (client_) tls_ = std::make_unique<asio::ssl::stream<tcp::socket&>>(socket_, client_->context);
}

asio::awaitable<void> stream::connect(tcp::endpoint to, const std::string& host) {
  co_await socket_.async_connect(to, use_awaitable);
  socket_.set_option(tcp::no_delay{true});
  if (tls_) co_await shake_hands(host);
}

asio::awaitable<void> stream::shake_hands(const std::string& host) {
  if (client_->verify_name) tls_->set_verify_callback(asio::ssl::host_name_verification{host});
  // A server with several certificates is told which one is meant; addresses are not told.
  boost::system::error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  if (not_an_address)
    SSL_ctrl(tls_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
  co_await tls_->async_handshake(asio::ssl::stream_base::client, use_awaitable);
}

asio::awaitable<void> stream::read(asio::mutable_buffer b) {
  if (tls_)
    co_await asio::async_read(*tls_, b, use_awaitable);
  else
    co_await asio::async_read(socket_, b, use_awaitable);
}

asio::awaitable<void> stream::write(asio::const_buffer b) {
  if (tls_)
    co_await asio::async_write(*tls_, b, use_awaitable);
  else
    co_await asio::async_write(socket_, b, use_awaitable);
}

void stream::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace neli::stores::zookeeper
