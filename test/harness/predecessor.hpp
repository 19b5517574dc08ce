// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/candidate.hpp>
#include <neli/logging.hpp>
#include <neli/store.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
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
  once.pulse(1min, [&](error_code, bool) { once.close([](error_code) {}); });
  context.run();
}

}  // namespace neli::test
