// SPDX-License-Identifier: BSL-1.0
// The use of a process with neli before it makes a candidate: only an event loop runs, until
// SIGTERM.
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <optional>

int main(int argc, char** argv) {
  boost::asio::io_context context{1};
  boost::asio::signal_set signals{context, SIGTERM, SIGINT};
  signals.async_wait([&](boost::system::error_code, int) { context.stop(); });
  // A candidate is made only if there is an argument, so that all of neli is linked.
  std::optional<neli::candidate> none;
  if (argc > 1)
    none.emplace(context.get_executor(),
                 neli::config{.store = neli::kafka{{{"bootstrap.servers", argv[1]}}}});
  context.run();
}
