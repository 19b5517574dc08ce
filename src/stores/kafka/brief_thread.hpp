// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace neli::stores::kafka {

/// A thread that does one thing and ends. It can outlive this object and the execution context, so
/// its work must depend on neither.
///
/// Some of librdkafka's functions block on the network, or on threads that do, and have no
/// asynchronous form. The look-up of a host's name alone takes as long as the resolver takes, and
/// cannot be interrupted. So these functions are never called on the strand.
class brief_thread {
 public:
  /// Throws `std::system_error` when no thread can be made.
  explicit brief_thread(std::function<void()>);

  bool over() const;
  /// Waits until it is over, but no longer than this.
  void wait(std::chrono::milliseconds) const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace neli::stores::kafka
