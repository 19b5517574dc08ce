// SPDX-License-Identifier: BSL-1.0
// A barrier that flushes before another candidate leads. There are two candidates: the second one
// leads only when the work of the first is in the store.
#include "broker.hpp"
#include <neli/neli.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <utility>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> take_time(std::chrono::milliseconds t) {
  asio::steady_timer timer{co_await asio::this_coro::executor, t};
  co_await timer.async_wait(asio::deferred);
}

/// A slow store that both candidates share, a database for instance.
int stored = 0;

class worker {
 public:
  worker(std::string name, const asio::any_io_executor& executor, neli::config config)
      : name_{std::move(name)}, neli_{executor, std::move(config), [this](neli::event e) {
                                        return barrier(std::move(e));
                                      }} {}

  asio::awaitable<void> work(int entries) {
    for (; entries > 0; --entries) {
      co_await neli_.pulse();
      ++buffered_;
    }
  }

  asio::awaitable<void> close() { co_await neli_.close(); }

 private:
  asio::awaitable<void> barrier(neli::event e) {
    if (e.as<neli::leader_acquired>())
      std::cout << name_ << ": leads, and finds " << stored << " entries" << std::endl;
    if (!e.as<neli::leader_revoked>()) co_return;
    std::cout << name_ << ": flushes" << std::endl;
    co_await take_time(500ms);
    stored += std::exchange(buffered_, 0);
    std::cout << name_ << ": flushed, there are " << stored << " entries" << std::endl;
  }

  std::string name_;
  int buffered_ = 0;
  neli::candidate neli_;
};

asio::awaitable<void> hand_over(neli::config config) {
  const auto executor = co_await asio::this_coro::executor;
  worker first{"first", executor, config};
  co_await first.work(3);
  worker second{"second", executor, config};
  co_await first.close();
  co_await second.work(2);
  co_await second.close();
}

/// Throws out of `context.run()`.
void rethrow(std::exception_ptr e) {
  if (e) std::rethrow_exception(e);
}

int main(int argc, char** argv) {
  broker kafka{argc, argv};
  asio::io_context context{1};
  asio::co_spawn(context, hand_over(kafka.config("flush-barrier")), rethrow);
  context.run();
}
