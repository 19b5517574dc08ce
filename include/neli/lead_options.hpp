// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/term.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>

namespace neli {

/// What a leader does for the whole of its term, see `candidate::lead()`.
using leader_task = std::function<boost::asio::awaitable<void>(term)>;

/// How `candidate::lead()` deals with its task.
struct lead_options {
  /// How long before the lease would run out the task is cancelled, 0 to half the lease: the time
  /// that it needs to stop. Zero: a tenth of the lease.
  std::chrono::milliseconds margin{0};

  /// How long the candidate stands back when the task has thrown, not negative: twice as long each
  /// time that it throws again, until it has once returned or been cancelled.
  std::chrono::milliseconds back_off{1000};

  /// The longest time that it stands back; at least `back_off`.
  std::chrono::milliseconds longest_back_off{60'000};
};

}  // namespace neli
