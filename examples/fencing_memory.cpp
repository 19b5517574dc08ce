// SPDX-License-Identifier: BSL-1.0
// Fencing of a value in memory: it refuses the late write of a leader that was overtaken.
// docs/fencing.md says why.
#include "broker.hpp"
#include <neli/neli.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <mutex>
#include <string>
#include <utility>

namespace asio = boost::asio;
using namespace std::chrono_literals;

//[fenced_value
/// What leaders write to, for instance in a process that serves them. Any thread may call it.
class fenced_value {
 public:
  /// Whether it was written.
  bool write(std::uint64_t token, std::string value) {
    const std::lock_guard lock{mutex_};        // comparison and write are one step
    if (token < highest_token_) return false;  // an equal one is the same leader's next write
    highest_token_ = token;
    value_ = std::move(value);
    return true;
  }

  std::string read() const {
    const std::lock_guard lock{mutex_};
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t highest_token_ = 0;
  std::string value_;
};
//]

void write(fenced_value& resource, const std::string& value, const neli::term& term) {
  const bool written = resource.write(term.token(), value);
  std::cout << value << " with token " << term.token() << ": " << (written ? "written" : "refused")
            << std::endl;
}

asio::awaitable<void> hand_over(neli::config config) {
  const auto executor = co_await asio::this_coro::executor;
  config.lease = 1s;  // the first leader of a new topic waits for as long
  fenced_value resource;

  neli::candidate first{executor, config};
  co_await first.pulse();
  const auto first_term = first.term().value();
  write(resource, "the first's", first_term);
  write(resource, "the first's next", first_term);

  neli::candidate second{executor, config};
  co_await first.close();
  co_await second.pulse();
  write(resource, "the second's", second.term().value());

  // This write was on its way when the first leader was overtaken.
  write(resource, "the first's late one", first_term);
  std::cout << "what stays is " << resource.read() << std::endl;
  co_await second.close();
}

/// Throws out of `context.run()`.
void rethrow(std::exception_ptr e) {
  if (e) std::rethrow_exception(e);
}

int main(int argc, char** argv) {
  broker kafka{argc, argv};
  asio::io_context context{1};
  asio::co_spawn(context, hand_over(kafka.config("fencing-memory")), rethrow);
  context.run();
}
