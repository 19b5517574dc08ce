// SPDX-License-Identifier: BSL-1.0
#include <neli/neli.hpp>
#include <neli/stores/zookeeper.hpp>

#include <boost/asio/io_context.hpp>

/// Links the store with the library.
int main() {
  boost::asio::io_context context;
  const neli::candidate candidate{context.get_executor(),
                                  {.store = neli::zookeeper{.servers = {"127.0.0.1:2181"}},
                                   .ledger = "/a/b",
                                   .logger = neli::no_logger()}};
}
