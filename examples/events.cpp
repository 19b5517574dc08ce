// SPDX-License-Identifier: BSL-1.0
// Everything that happens to a candidate, as a stream of events.
#include "broker.hpp"
#include <neli/neli.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <iostream>

namespace asio = boost::asio;
using namespace std::chrono_literals;

void tell(const neli::leader_acquired& e) {
  std::cout << "I have acquired term " << e.term.token() << std::endl;
}
void tell(const neli::leader_revoked& e) {
  std::cout << "I give it up: " << to_string(e.reason) << std::endl;
}
void tell(const neli::leader_fenced& e) {
  std::cout << "I have lost it: " << to_string(e.reason) << std::endl;
}
void tell(const neli::leader_changed& e) {
  if (e.leader)
    std::cout << e.leader->name << " leads term " << e.leader->token << std::endl;
  else
    std::cout << "nobody leads: " << to_string(e.reason) << std::endl;
}
void tell(const neli::barrier_failed& e) {
  std::cout << "the barrier has failed: " << e.what << std::endl;
}
void tell(const neli::task_failed& e) {
  std::cout << "the task has failed: " << e.what << std::endl;
}
void tell(const neli::trouble& e) {
  std::cout << (e.code ? "trouble: " : "over: ") << e.what << std::endl;
}

asio::awaitable<void> watch(neli::event_stream events) {
  while (true) {
    const auto [error, event] = co_await events.next(asio::as_tuple(asio::deferred));
    if (error) break;
    std::visit([](const auto& e) { tell(e); }, event);
  }
  std::cout << "the stream has ended" << std::endl;
}

asio::awaitable<void> lead_for_a_second(neli::candidate& neli) {
  co_await neli.pulse();
  asio::steady_timer timer{co_await asio::this_coro::executor, 1s};
  co_await timer.async_wait(asio::deferred);
  co_await neli.close();
}

int main(int argc, char** argv) {
  broker kafka{argc, argv};
  asio::io_context context{1};
  neli::candidate neli{context.get_executor(), kafka.config("events")};
  asio::co_spawn(context, watch(neli.events()), asio::detached);
  asio::co_spawn(context, lead_for_a_second(neli), asio::detached);
  context.run();
}
