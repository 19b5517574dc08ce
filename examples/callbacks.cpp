// SPDX-License-Identifier: BSL-1.0
// Callbacks and futures instead of coroutines: every operation takes any completion token.
#include "broker.hpp"
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <iostream>
#include <thread>

namespace asio = boost::asio;
using namespace std::chrono_literals;

int main(int argc, char** argv) {
  broker kafka{argc, argv};
  asio::io_context context{1};
  neli::candidate neli{context.get_executor(), kafka.config("callbacks")};

  std::jthread thread{[&] { context.run(); }};

  // Only a thread that may block can use futures, and the context's own thread may not block.
  std::future<bool> leads = neli.pulse(30s, asio::use_future);
  if (!leads.get()) {
    std::cout << "future: still no leader" << std::endl;
    context.stop();
    return 1;
  }
  std::cout << "future: leading" << std::endl;

  // Callbacks come on the context's thread.
  neli.pulse([&](neli::error_code error, bool) {
    std::cout << "callback: " << (error ? error.message() : "leading") << std::endl;
    neli.close([](neli::error_code) { std::cout << "callback: closed" << std::endl; });
  });

  std::future<void> closed = neli.wait_closed(asio::use_future);
  thread.join();
  closed.get();
  std::cout << "future: closed" << std::endl;
}
