// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/zookeeper/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <vector>

namespace neli::stores::zookeeper {

namespace asio = boost::asio;

struct resolution {
  boost::system::error_code wrong;
  std::vector<asio::ip::tcp::endpoint> addresses;
};

/// All addresses of the server's host. Asio asks for a name in a thread of its own.
asio::awaitable<resolution> resolve(server, std::chrono::milliseconds within);

}  // namespace neli::stores::zookeeper
