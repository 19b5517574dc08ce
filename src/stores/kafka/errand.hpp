// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/kafka/brief_thread.hpp"
#include "stores/kafka/linger.hpp"

#include <functional>
#include <optional>

namespace neli::stores::kafka {

/// What a thread of its own still has to do when nobody waits for it any more. As long as it is
/// under way, the context has work; one that ends waits for a moment, so that a program that ends
/// in order leaves nothing behind, and then lets the thread go on alone.
class errand final : public reluctant {
 public:
  /// Begins as soon as a thread can be made: each look tries again. If none ever can, it is not
  /// done.
  explicit errand(std::function<void()> work) : work_{std::move(work)} {}
  /// It has begun already.
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
