// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/kafka/handle.hpp"
#include "stores/kafka/linger.hpp"

#include <memory>

namespace neli::stores::kafka {

/// Whether this librdkafka aborts the process when a member of a cooperative-sticky group is
/// destroyed between its join and its first assignment (librdkafka issue 4312, mended in 2.3).
bool must_linger_until_assigned();

/// Such a member, stopped. If it is never assigned anything, it is never destroyed: a few idle
/// threads are better than an abort.
class joining_member final : public reluctant {
 public:
  explicit joining_member(std::unique_ptr<handle> h) : handle_{std::move(h)} {}
  ~joining_member() override;

  bool ready() override;

 private:
  std::unique_ptr<handle> handle_;
  bool assigned_ = false;
};

}  // namespace neli::stores::kafka
