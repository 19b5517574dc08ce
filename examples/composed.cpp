// SPDX-License-Identifier: BSL-1.0
// Leadership among other asynchronous work on one thread: a job that is cancelled when leadership
// is lost, and a server that tells its clients (`nc 127.0.0.1 PORT`) whether this process leads.
#include "broker.hpp"
#include <neli/neli.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <utility>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using asio::ip::tcp;

asio::awaitable<void> take_time(std::chrono::milliseconds t) {
  asio::steady_timer timer{co_await asio::this_coro::executor, t};
  co_await timer.async_wait(asio::deferred);
}

asio::awaitable<void> job() {
  for (int step = 1; true; ++step) {
    std::cout << "the job, step " << step << std::endl;
    co_await take_time(300ms);
  }
}

asio::awaitable<void> loss(neli::candidate& neli) {
  auto events = neli.events();
  while (true) {
    const auto event = co_await events.next();
    if (event.as<neli::leader_revoked>() || event.as<neli::leader_fenced>()) co_return;
  }
}

/// Ends when the candidate is closed.
asio::awaitable<void> lead(neli::candidate& neli) {
  while (true) {
    const auto [closed, leads] = co_await neli.pulse(asio::as_tuple(asio::deferred));
    if (closed) co_return;
    std::cout << "leading" << std::endl;
    co_await (job() || loss(neli));
    std::cout << "the job is cancelled" << std::endl;
  }
}

asio::awaitable<void> serve(const neli::candidate& neli, tcp::acceptor& acceptor) {
  while (true) {
    auto socket = co_await acceptor.async_accept(asio::deferred);
    const auto term = neli.term();
    const auto answer = term ? "leader, term " + std::to_string(term->token()) : "standby";
    co_await asio::async_write(socket, asio::buffer(answer), asio::deferred);
  }
}

asio::awaitable<std::string> ask(tcp::endpoint server) {
  tcp::socket socket{co_await asio::this_coro::executor};
  co_await socket.async_connect(server, asio::deferred);
  std::string answer;
  // The server ends its answer by closing the connection.
  co_await asio::async_read(socket, asio::dynamic_buffer(answer), asio::as_tuple(asio::deferred));
  std::cout << "asked: " << answer << std::endl;
  co_return answer;
}

/// Asks until the server has answered three times that this process leads.
asio::awaitable<void> ask_again_and_again(tcp::endpoint server) {
  for (int times = 0; times < 3; co_await take_time(500ms))
    if ((co_await ask(server)).starts_with("leader")) ++times;
}

asio::awaitable<void> close_in_the_end(neli::candidate& neli, tcp::endpoint server) {
  asio::signal_set signals{co_await asio::this_coro::executor, SIGINT, SIGTERM};
  co_await (ask_again_and_again(server) || signals.async_wait(asio::use_awaitable));
  std::cout << "closing" << std::endl;
  co_await neli.close();
  co_await ask(server);
}

asio::awaitable<void> service(neli::config config) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::acceptor acceptor{executor, {asio::ip::address_v4::loopback(), 0}};
  const auto server = acceptor.local_endpoint();
  std::cout << "serving at " << server << std::endl;
  neli::candidate neli{executor, std::move(config)};
  co_await ((lead(neli) && close_in_the_end(neli, server)) || serve(neli, acceptor));
}

/// Throws out of `context.run()`.
void rethrow(std::exception_ptr e) {
  if (e) std::rethrow_exception(e);
}

int main(int argc, char** argv) {
  broker kafka{argc, argv};
  asio::io_context context{1};
  asio::co_spawn(context, service(kafka.config("composed")), rethrow);
  context.run();
}
