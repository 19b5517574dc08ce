// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/clock.hpp>

#include <boost/asio/awaitable.hpp>

namespace neli::tools {

/// Lets that much time pass; when cancelled, it throws.
boost::asio::awaitable<void> take_time(clock::duration);

}  // namespace neli::tools
