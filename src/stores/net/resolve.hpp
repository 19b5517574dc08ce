// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace neli::stores::net {

namespace asio = boost::asio;

/// The addresses of a host, at least one. An address needs no look-up, and no thread: Asio has one
/// for look-ups. A look-up that takes longer, or is cancelled, is left to itself: the system cannot
/// interrupt it.
asio::awaitable<std::vector<asio::ip::tcp::endpoint>> resolve(asio::any_io_executor,
                                                              std::string host, std::string port,
                                                              std::chrono::milliseconds limit);

}  // namespace neli::stores::net
