// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "elector.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <thread>

namespace neli::chaos {

/// Does what a leader does, as programs do it: asks whether it leads, works for some milliseconds,
/// writes to a shared counter with the token from before the work. A pause in the midst of the work
/// makes it write late. Without the counter it ends the process.
class worker {
 public:
  /// The elector is not copied.
  worker(const elector&, std::string name, unsigned short port_of_counter);

 private:
  void run(const elector&, const std::string& name, const std::stop_token&);
  void write(const std::string& name, std::uint64_t token);

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket counter_{context_};
  std::jthread thread_;
};

}  // namespace neli::chaos
