// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/candidate.hpp>
#include <neli/logging.hpp>
#include <neli/store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <string>

namespace neli::test {

/// Makes the ledger, leads on it, and leaves in order. A candidate on a ledger without records
/// waits for a lease, since another candidate might lead; a candidate that reads the predecessor's
/// release does not wait. So a test may have a lease of any length without waiting for it.
inline void have_a_predecessor(const store& where, const std::string& ledger) {
  using namespace std::chrono_literals;
  boost::asio::io_context context;
  candidate once{context.get_executor(),
                 {.store = where,
                  .ledger = ledger,
                  .name = "predecessor",
                  .lease = 200ms,
                  .logger = no_logger()}};
  const auto lead_and_leave = [&]() -> boost::asio::awaitable<void> {
    auto events = once.events();
    // On a busy machine its lease may pass before its release is written.
    for (bool released = false; !released;) {
      co_await once.pulse();
      co_await once.resign();
      const auto over = [](const event& e) {
        const auto* c = e.as<leader_changed>();
        return c && !c->leader &&
               (c->reason == vacancy::released || c->reason == vacancy::lease_expired);
      };
      auto e = co_await events.next();
      while (!over(e)) e = co_await events.next();
      released = e.as<leader_changed>()->reason == vacancy::released;
    }
    co_await once.close();
  };
  boost::asio::co_spawn(context, lead_and_leave(), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  context.run();
}

}  // namespace neli::test
