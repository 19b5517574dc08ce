// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/dice.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <tuple>
#include <utility>
#include <vector>

namespace neli::sim {

/// True time, and what is going to happen.
class agenda {
 public:
  real now() const { return now_; }

  void at(real when, std::function<void()> what) {
    entries_.push_back({std::max(when, now_), ++last_, std::move(what)});
    std::push_heap(entries_.begin(), entries_.end());
  }
  void after(real wait, std::function<void()> what) { at(now_ + wait, std::move(what)); }

  /// May be called from within an event: then the world goes on while that event stands still.
  void run_until(real end) {
    while (!stopped_ && !entries_.empty() && entries_.front().when <= end) {
      std::pop_heap(entries_.begin(), entries_.end());
      const auto next = std::move(entries_.back());
      entries_.pop_back();
      now_ = std::max(now_, next.when);
      next.what();
    }
    if (!stopped_) now_ = std::max(now_, end);
  }

  /// Nothing happens any more.
  void stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }

 private:
  struct entry {
    real when;
    std::uint64_t order;
    std::function<void()> what;
    bool operator<(const entry& o) const {
      return std::tie(when, order) > std::tie(o.when, o.order);
    }
  };

  real now_{};
  std::uint64_t last_ = 0;
  std::vector<entry> entries_;  ///< a heap
  bool stopped_ = false;
};

}  // namespace neli::sim
