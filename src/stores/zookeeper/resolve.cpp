// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/resolve.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <string>

namespace neli::stores::zookeeper {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// A question that cannot be taken back: it is left alone when the answer takes too long.
struct inquiry {
  explicit inquiry(const asio::any_io_executor& on) : resolver{on}, patience{on} {}

  tcp::resolver resolver;
  asio::steady_timer patience;
  resolution found{asio::error::timed_out, {}};
};

void start(const std::shared_ptr<inquiry>& i, const server& s) {
  i->resolver.async_resolve(
      s.host, s.port, tcp::resolver::numeric_service,
      asio::bind_executor(i->patience.get_executor(),
                          [i](error_code e, const tcp::resolver::results_type& all) {
                            i->found.wrong = e;
                            for (const auto& one : all)
                              i->found.addresses.push_back(one.endpoint());
                            i->patience.cancel();
                          }));
}

}  // namespace

asio::awaitable<resolution> resolve(server s, std::chrono::milliseconds within) {
  error_code no_address;
  const auto address = asio::ip::make_address(s.host, no_address);
  resolution known;
  if (!no_address) {
    known.addresses.emplace_back(address, static_cast<asio::ip::port_type>(std::stoi(s.port)));
    co_return known;
  }
  const auto asked = std::make_shared<inquiry>(co_await asio::this_coro::executor);
  asked->patience.expires_after(within);
  start(asked, s);
  error_code ignored;
  co_await asked->patience.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return asked->found;
}

}  // namespace neli::stores::zookeeper
