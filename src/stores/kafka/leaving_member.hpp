// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/kafka/good_bye.hpp"
#include "stores/kafka/handle.hpp"
#include "stores/kafka/linger.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace neli::stores::kafka {

/// A stopped member whose good-bye is not over; it goes on in the background. If the member were
/// destroyed at once, the group would not learn that it has left, or the destruction would wait for
/// the group's answer, for seconds when a broker is silent.
class leaving_member final : public reluctant {
 public:
  /// `joining`: the member cannot say good-bye before its first assignment.
  leaving_member(std::unique_ptr<handle> h, good_bye g, bool joining, bool cooperative)
      : handle_{std::move(h)}, good_bye_{g}, joining_{joining}, cooperative_{cooperative} {}
  ~leaving_member() override;

  bool ready() override;
  void give_up() override { gave_up_ = true; }  // by now all that was told has been answered

 private:
  /// Answers what the group still tells, and waits for that for so long at most.
  void answer(std::chrono::milliseconds);

  std::unique_ptr<handle> handle_;
  good_bye good_bye_;
  bool joining_;
  bool cooperative_;
  bool gave_up_ = false;
};

}  // namespace neli::stores::kafka
