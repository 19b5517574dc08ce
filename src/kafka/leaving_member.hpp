// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "kafka/handle.hpp"
#include "kafka/linger.hpp"

#include <memory>
#include <utility>

namespace neli::kafka {

/// A member, stopped, whose good-bye has not been answered yet: its destruction would wait for
/// that, for seconds beside a broker that is silent.
class leaving_member final : public reluctant {
 public:
  explicit leaving_member(std::unique_ptr<handle> h) : handle_{std::move(h)} {}

  bool ready() override;

 private:
  std::unique_ptr<handle> handle_;
};

}  // namespace neli::kafka
