// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/kafka/good_bye.hpp"
#include "stores/kafka/handle.hpp"
#include "stores/kafka/linger.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace neli::stores::kafka {

/// A member, stopped, whose good-bye is not over: it goes on where nobody waits for it. Destroyed
/// before, it would be dead without a word to its group, or its destruction would wait for the
/// answer, for seconds beside a broker that is silent.
class leaving_member final : public reluctant {
 public:
  /// `joining`: it cannot say good-bye before its first assignment.
  leaving_member(std::unique_ptr<handle> h, good_bye g, bool joining, bool cooperative)
      : handle_{std::move(h)}, good_bye_{g}, joining_{joining}, cooperative_{cooperative} {}
  ~leaving_member() override;

  bool ready() override;
  void give_up() override { gave_up_ = true; }  // all that was told has been answered long ago

 private:
  /// Looks for so long at most for what the group still says.
  void answer(std::chrono::milliseconds);

  std::unique_ptr<handle> handle_;
  good_bye good_bye_;
  bool joining_;
  bool cooperative_;
  bool gave_up_ = false;
};

}  // namespace neli::stores::kafka
