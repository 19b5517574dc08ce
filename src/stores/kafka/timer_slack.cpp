// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/timer_slack.hpp"

#ifdef __linux__
#include <sys/prctl.h>

namespace neli::stores::kafka {

namespace {

constexpr unsigned long a_millisecond = 1'000'000;  // ns

}  // namespace

timer_slack::timer_slack() noexcept : before_{::prctl(PR_GET_TIMERSLACK)} {
  ::prctl(PR_SET_TIMERSLACK, a_millisecond);
}

timer_slack::~timer_slack() {
  if (before_ > 0) ::prctl(PR_SET_TIMERSLACK, static_cast<unsigned long>(before_));
}

}  // namespace neli::stores::kafka

#else

namespace neli::stores::kafka {

timer_slack::timer_slack() noexcept : before_{0} {}
timer_slack::~timer_slack() = default;

}  // namespace neli::stores::kafka

#endif
