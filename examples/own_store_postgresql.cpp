// SPDX-License-Identifier: BSL-1.0
// An election over a row of PostgreSQL: `own_store_postgresql "host=127.0.0.1 dbname=app"`. Start
// it several times, and stop or kill the one that works. With --create it makes the table first.
#include "postgresql/connection.hpp"
#include "postgresql/row.hpp"
#include <neli/neli.hpp>

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

asio::awaitable<void> service(std::string conninfo) {
  const auto executor = co_await asio::this_coro::executor;
  neli::candidate neli{
      executor, {.store = postgresql::row(conninfo), .ledger = "my-app.leader", .lease = 2s}};

  bool stop = false;
  asio::signal_set signals{executor, SIGINT, SIGTERM};
  signals.async_wait([&](neli::error_code error, int) {
    if (!error) stop = true;
  });

  while (!stop) {
    if (!co_await neli.pulse(10ms)) continue;
    if (const auto term = neli.term()) std::cout << "work in term " << term->token() << std::endl;
    asio::steady_timer timer{executor, 500ms};
    co_await timer.async_wait(asio::deferred);
  }
  co_await neli.close();
}

asio::awaitable<void> create_table(std::string conninfo) {
  postgresql::connection connection{co_await asio::this_coro::executor, conninfo};
  for (const auto* statement : postgresql::schema) co_await connection.ask(statement);
}

/// Throws out of `context.run()`.
void rethrow(std::exception_ptr e) {
  if (e) std::rethrow_exception(e);
}

int main(int argc, char** argv) {
  const bool create = argc == 3 && argv[1] == std::string{"--create"};
  if (argc != 2 && !create) {
    std::cerr << "usage: own_store_postgresql [--create] CONNINFO\n";
    return 2;
  }
  asio::io_context context{1};
  asio::co_spawn(context, create ? create_table(argv[2]) : service(argv[1]), rethrow);
  context.run();
}
