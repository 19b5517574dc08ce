// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace neli::stores::kafka {

/// A thread that does one thing and ends. It can outlive this object, and the execution context:
/// what it does must bear that.
///
/// Some of librdkafka's functions wait for the network or for threads that do, and have no other
/// form. A look-up of a name alone takes as long as the resolver likes, and nobody can interrupt
/// it. So these functions may not be called on the strand, not even once in a while.
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
