// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "facts.hpp"

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace neli::tools {

/// Asks "do I lead?" every millisecond, from a thread that no event loop can hold up, and says
/// NOLEAD when the answer is not yes any more. After a pause of the process it asks first of all, a
/// thousand times, and says RESUMED.
class prober {
 public:
  struct subject {
    std::function<bool()> leads;
    const facts& says;  ///< not copied
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
