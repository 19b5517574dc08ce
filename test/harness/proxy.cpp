// SPDX-License-Identifier: BSL-1.0
#include "harness/proxy.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/endian/conversion.hpp>

#include <array>
#include <future>

namespace neli::test {

namespace asio = boost::asio;
using asio::use_awaitable;

struct proxy::connection {
  tcp::socket client;
  tcp::socket broker;
  bool stalled = false;

  void end() {
    boost::system::error_code ignored;
    client.close(ignored);
    broker.close(ignored);
  }
};

proxy::proxy(unsigned short port) : port_{port} {
  const tcp::endpoint here{asio::ip::make_address("127.0.0.11"), port};
  acceptor_.open(here.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address{true});
  acceptor_.bind(here);
  acceptor_.listen();
  asio::co_spawn(context_, accept(), asio::detached);
  thread_ = std::thread{[this] { context_.run(); }};
}

proxy::~proxy() {
  context_.stop();
  thread_.join();
}

void proxy::disturb(std::int16_t api, fault f, int connections) {
  std::promise<void> done;
  asio::post(context_, [&] {
    api_ = api;
    fault_ = f;
    left_ = connections;
    met_ = 0;
    for (const auto& c : live_) c->end();
    done.set_value();
  });
  done.get_future().wait();
}

asio::awaitable<void> proxy::accept() {
  while (true) serve(co_await acceptor_.async_accept(use_awaitable));
}

void proxy::serve(tcp::socket client) {
  auto c = std::make_shared<connection>(connection{std::move(client), tcp::socket{context_}});
  boost::system::error_code refused;
  c->broker.connect({asio::ip::make_address("127.0.0.1"), port_}, refused);
  if (refused) return;
  live_.insert(c);
  // The direction that ends first ends the other one.
  const auto ended = [this, c](const std::exception_ptr&) {
    c->end();
    live_.erase(c);
  };
  asio::co_spawn(context_, forth(c), ended);
  asio::co_spawn(context_, back(c), ended);
}

asio::awaitable<void> proxy::forth(std::shared_ptr<connection> c) {
  std::vector<char> request;
  while (co_await pass_request(*c, request)) {
  }
}

/// False: nothing may be passed on any more.
asio::awaitable<bool> proxy::pass_request(connection& c, std::vector<char>& request) {
  std::array<unsigned char, 6> head{};  // its size, and the number of its kind
  co_await asio::async_read(c.client, asio::buffer(head), use_awaitable);
  const auto size = boost::endian::load_big_u32(head.data());
  const auto api = boost::endian::load_big_s16(head.data() + 4);
  request.assign(head.begin(), head.end());
  request.resize(4 + size);
  co_await asio::async_read(
      c.client, asio::buffer(request.data() + head.size(), request.size() - head.size()),
      use_awaitable);
  if (!c.stalled && api == api_ && left_ > 0) {
    --left_;
    ++met_;
    if (fault_ == fault::cut) co_return false;
    c.stalled = true;
  }
  if (!c.stalled) co_await asio::async_write(c.broker, asio::buffer(request), use_awaitable);
  co_return true;
}

asio::awaitable<void> proxy::back(std::shared_ptr<connection> c) {
  std::array<char, 16384> some{};
  while (true) {
    const auto n = co_await c->broker.async_read_some(asio::buffer(some), use_awaitable);
    co_await asio::async_write(c->client, asio::buffer(some, n), use_awaitable);
  }
}

}  // namespace neli::test
