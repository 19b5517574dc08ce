// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/neli.hpp>
#include <neli/testing/embedded_broker.hpp>

#include <boost/asio/io_context.hpp>

#include <thread>

namespace neli::benchmarks {

/// A candidate that leads, by the machine's own clock, on a thread of its own. So the time of a
/// benchmark's thread is the caller's part alone.
class leader {
 public:
  /// The leader of this program. It leads when this returns.
  static leader& instance();

  neli::candidate& candidate() { return candidate_; }

 private:
  leader();
  ~leader();

  testing::embedded_broker broker_;
  asio::io_context context_;
  neli::candidate candidate_;
  std::jthread thread_;
};

}  // namespace neli::benchmarks
