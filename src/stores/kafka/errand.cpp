// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/errand.hpp"

#include <chrono>
#include <system_error>

namespace neli::stores::kafka {

namespace {

/// Many times as long as it takes to destroy a client that waits for nothing.
constexpr std::chrono::milliseconds a_moment{500};

}  // namespace

errand::~errand() {
  if (thread_ && !gave_up_) thread_->wait(a_moment);
}

bool errand::ready() {
  if (!thread_) {
    try {
      thread_.emplace(work_);
    } catch (const std::system_error&) {
      return false;
    }
  }
  return thread_->over();
}

}  // namespace neli::stores::kafka
