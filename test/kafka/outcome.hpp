// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/candidate.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>

namespace neli::test {

/// The error with which a candidate's `pulse()` ends; none if it leads, or does not lead within
/// that time.
inline error_code outcome_of(const config& c,
                             std::chrono::milliseconds within = std::chrono::minutes{2}) {
  boost::asio::io_context context;
  candidate made{context.get_executor(), c};
  error_code outcome;
  made.pulse(within, [&](error_code e, bool) {
    outcome = e;
    context.stop();
  });
  context.run();
  return outcome;
}

}  // namespace neli::test
