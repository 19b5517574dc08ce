// SPDX-License-Identifier: BSL-1.0
#include "stores/net/resolve.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>

namespace neli::stores::net {

using asio::ip::tcp;
using boost::system::error_code;
using boost::system::system_error;

namespace {

/// Lives until the system has answered.
struct look_up {
  explicit look_up(const asio::any_io_executor& on) : resolver{on}, answered{on} {}

  tcp::resolver resolver;
  asio::steady_timer answered;
  std::optional<error_code> error;
  std::vector<tcp::endpoint> found;
};

}  // namespace

asio::awaitable<std::vector<tcp::endpoint>> resolve(asio::any_io_executor on, std::string host,
                                                    std::string port,
                                                    std::chrono::milliseconds limit) {
  error_code no_address;
  const auto address = asio::ip::make_address(host, no_address);
  if (!no_address)
    co_return std::vector{tcp::endpoint{address, static_cast<std::uint16_t>(std::stoi(port))}};

  const auto l = std::make_shared<look_up>(on);
  l->answered.expires_after(limit);
  l->resolver.async_resolve(host, port, tcp::resolver::numeric_service,
                            [l](error_code e, const tcp::resolver::results_type& all) {
                              l->error = e;
                              for (const auto& one : all) l->found.push_back(one.endpoint());
                              l->answered.cancel();
                            });
  error_code cancelled;
  co_await l->answered.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  if (!l->error) {
    l->resolver.cancel();
    throw system_error{cancelled ? cancelled : error_code{asio::error::timed_out},
                       "looking up " + host};
  }
  if (*l->error) throw system_error{*l->error, "looking up " + host};
  co_return l->found;
}

}  // namespace neli::stores::net
