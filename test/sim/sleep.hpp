// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/pending.hpp"
#include "sim/machine.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace neli::sim {

/// Waits on a machine, as a timer of the application's would. Throws when it is cancelled.
inline asio::awaitable<void> sleep(machine& m, real d) {
  using boost::system::error_code;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(error_code)>(
      [&m, d](auto handler) {
        const asio::any_io_executor executor = m.executor();
        const auto op = shell::make_pending(
            asio::any_completion_handler<void(error_code)>{std::move(handler)}, executor, executor);
        m.after(d, [op] { op->complete({}); });
      },
      asio::use_awaitable);
}

}  // namespace neli::sim
