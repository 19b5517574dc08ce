// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "elector.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <thread>

namespace neli::chaos {

/// Works as a program that leads would: asks whether it leads, works for some milliseconds, then
/// writes to a shared counter with the token from before the work. After a pause in the midst of
/// the work it writes late. When the counter is gone, it ends the process.
class worker {
 public:
  /// Does not copy the elector.
  worker(const elector&, std::string name, unsigned short port_of_counter);

 private:
  void run(const elector&, const std::string& name, const std::stop_token&);
  void write(const std::string& name, std::uint64_t token);

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket counter_{context_};
  std::jthread thread_;
};

}  // namespace neli::chaos
