// SPDX-License-Identifier: BSL-1.0
#include <neli/neli.hpp>
#include <neli/stores/register.hpp>
#include <neli/testing/embedded_broker.hpp>
#include <neli/testing/sandbox.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>
#include <string_view>

/// usage: consumer VERSION. Uses every part of the library, so that all of it has to be linked.
int main(int, char** argv) {
  boost::asio::io_context context;
  neli::testing::sandbox sandbox{context};
  auto leader = sandbox.make_candidate({.logger = neli::no_logger()});
  sandbox.acquire(leader);

  neli::testing::embedded_broker broker;
  auto config = broker.config();
  config.logger = neli::no_logger();
  const neli::candidate candidate{context.get_executor(), config};

  try {
    const neli::candidate nowhere{context.get_executor(), {.store = neli::register_store{}}};
    return 1;
  } catch (const neli::config_error& e) {
    if (e.field() != "register_store.make") return 1;
  }

  std::cout << "neli " << NELI_VERSION << ", " << to_string(candidate.state()) << '\n';
  return leader.is_leader() && std::string_view{NELI_VERSION} == argv[1] ? 0 : 1;
}
