// SPDX-License-Identifier: BSL-1.0
// Whether it was the machine that stood still.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <thread>

namespace neli::test {

/// A thread that only a busy machine can block.
class witness {
 public:
  std::chrono::milliseconds longest_stall() const { return longest_; }

 private:
  std::atomic<std::chrono::milliseconds> longest_{std::chrono::milliseconds{0}};
  std::jthread thread_{[this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto before = std::chrono::steady_clock::now();
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::steady_clock::now() - before);
      longest_ = std::max(longest_.load(), took);
    }
  }};
};

/// What a run shows of something that holds on a machine that does not stand still.
enum class verdict { holds, fails, unclear };

inline verdict judge(bool held, const witness& w, std::chrono::milliseconds harmless) {
  if (held) return verdict::holds;
  return w.longest_stall() < harmless ? verdict::fails : verdict::unclear;
}

/// How long this thread has waited for a processor so far, as Linux tells it; elsewhere nothing.
inline std::chrono::nanoseconds time_without_a_processor() {
  std::int64_t ran = 0;
  std::int64_t waited = 0;
  std::ifstream{"/proc/thread-self/schedstat"} >> ran >> waited;
  return std::chrono::nanoseconds{waited};
}

}  // namespace neli::test
