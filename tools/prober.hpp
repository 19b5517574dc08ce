// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "facts.hpp"
#include <neli/candidate.hpp>

#include <atomic>
#include <thread>
#include <vector>

namespace neli::tools {

/// Asks `is_leader()` every millisecond, from a thread that no event loop can hold up, and says
/// NOLEAD when it is not true any more. After a pause of the process it asks first of all, a
/// thousand times, and says RESUMED.
class prober {
 public:
  /// Neither is copied.
  struct subject {
    const candidate& asked;
    const facts& says;
  };

  prober(std::vector<subject>, const facts& process);
  ~prober();
  prober(const prober&) = delete;
  prober& operator=(const prober&) = delete;

 private:
  void run(const std::vector<subject>&, const facts& process) const;

  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace neli::tools
