// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/kafka/brief_thread.hpp"
#include "stores/kafka/linger.hpp"

#include <functional>
#include <optional>

namespace neli::stores::kafka {

/// Work for a thread of its own that nobody waits for. While it runs, the execution context has
/// work. A context that ends waits a moment for it, so that a program that ends in order leaves no
/// thread behind, and then leaves the thread to itself.
class errand final : public reluctant {
 public:
  /// Starts as soon as a thread can be made: each call of `ready` tries again. If no thread can
  /// ever be made, the work is not done.
  explicit errand(std::function<void()> work) : work_{std::move(work)} {}
  /// The work has begun already.
  explicit errand(brief_thread t) : thread_{std::move(t)} {}
  ~errand() override;

  bool ready() override;
  void give_up() override { gave_up_ = true; }

 private:
  std::function<void()> work_;
  std::optional<brief_thread> thread_;
  bool gave_up_ = false;
};

}  // namespace neli::stores::kafka
