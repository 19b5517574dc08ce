// SPDX-License-Identifier: BSL-1.0
#include "worker.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <utility>

namespace neli::chaos {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

worker::worker(const elector& asked, std::string name, unsigned short port_of_counter) {
  counter_.connect({boost::asio::ip::address_v4::loopback(), port_of_counter});
  counter_.set_option(tcp::no_delay{true});
  thread_ = std::jthread{[this, &asked, name = std::move(name)](const std::stop_token& stop) {
    try {
      run(asked, name, stop);
    } catch (const std::exception& e) {
      std::cerr << "the counter: " << e.what() << '\n';
      std::_Exit(EXIT_FAILURE);
    }
  }};
}

void worker::run(const elector& asked, const std::string& name, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto token = asked.leads();
    std::this_thread::sleep_for(20ms);  // the work
    if (token && *token) write(name, *token);
  }
}

void worker::write(const std::string& name, std::uint64_t token) {
  boost::asio::write(counter_, boost::asio::buffer(name + " " + std::to_string(token) + "\n"));
  std::string answer;
  boost::asio::read_until(counter_, boost::asio::dynamic_buffer(answer), '\n');
}

}  // namespace neli::chaos
