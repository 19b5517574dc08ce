// SPDX-License-Identifier: BSL-1.0
#include "take_time.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace neli::tools {

namespace asio = boost::asio;

asio::awaitable<void> take_time(clock::duration t) {
  asio::steady_timer timer{co_await asio::this_coro::executor, t};
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace neli::tools
