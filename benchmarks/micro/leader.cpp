// SPDX-License-Identifier: BSL-1.0
#include "leader.hpp"

#include <boost/asio/use_future.hpp>

namespace neli::benchmarks {

namespace {

config config_of(testing::embedded_broker& b) {
  auto c = b.config("micro");
  // Long enough for a busy machine, and not longer, as the first leader of an empty ledger waits
  // for as long.
  c.lease = std::chrono::seconds{5};
  c.logger = no_logger();
  return c;
}

}  // namespace

leader& leader::instance() {
  static leader l;
  return l;
}

leader::leader()
    : candidate_{context_.get_executor(), config_of(broker_)}, thread_{[this] { context_.run(); }} {
  candidate_.pulse(asio::use_future).get();
}

leader::~leader() { candidate_.close(asio::use_future).get(); }

}  // namespace neli::benchmarks
