// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "kafka/handle.hpp"
#include "kafka/linger.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace neli::kafka {

/// A member, stopped, whose good-bye has not been answered yet: its destruction would wait for
/// that, for seconds beside a broker that is silent.
class leaving_member final : public reluctant {
 public:
  explicit leaving_member(std::unique_ptr<handle> h) : handle_{std::move(h)} {}
  ~leaving_member() override;

  bool ready() override { return answer(std::chrono::milliseconds{0}); }
  void give_up() override { gave_up_ = true; }  // all that was told has been answered long ago

 private:
  /// Looks for so long at most for what the group still says. True: it is over.
  bool answer(std::chrono::milliseconds);

  std::unique_ptr<handle> handle_;
  bool gave_up_ = false;
};

}  // namespace neli::kafka
