// SPDX-License-Identifier: BSL-1.0
// The minimal service over etcd. Start it several times with etcd's address, 127.0.0.1:2379 for
// instance, and stop the one that works.
#include <neli/neli.hpp>
#include <neli/stores/etcd.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> do_a_bit_of_work(neli::term term) {
  std::cout << "work in term " << term.token() << std::endl;
  asio::steady_timer timer{co_await asio::this_coro::executor, 500ms};
  co_await timer.async_wait(asio::deferred);
}

asio::awaitable<void> service(std::string server) {
  const auto executor = co_await asio::this_coro::executor;
  neli::candidate neli{executor,
                       {.store = neli::etcd{.endpoints = {server}}, .ledger = "my-app/leader"}};

  bool stop = false;
  asio::signal_set signals{executor, SIGINT, SIGTERM};
  signals.async_wait([&](neli::error_code error, int) {
    if (!error) stop = true;
  });

  while (!stop) {
    if (!co_await neli.pulse(10ms)) continue;
    if (const auto term = neli.term()) co_await do_a_bit_of_work(*term);
  }
  co_await neli.close();  // another candidate leads at once, with no lease to wait for
}

/// Throws out of `context.run()`.
void rethrow(std::exception_ptr e) {
  if (e) std::rethrow_exception(e);
}

int main(int argc, char** argv) {
  asio::io_context context{1};
  asio::co_spawn(context, service(argc > 1 ? argv[1] : "127.0.0.1:2379"), rethrow);
  context.run();
  std::cout << "closed" << std::endl;
}
