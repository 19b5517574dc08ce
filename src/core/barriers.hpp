// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/context.hpp"

#include <optional>
#include <string>

namespace neli::core {

/// Runs the user's barriers of one role, one at a time. Only the newest waits: a fencing replaces a
/// revocation that has not been told yet.
class barriers {
 public:
  barriers(std::string role, context& c) : role_{std::move(role)}, context_{c} {}

  /// Cancels the barrier that runs, and runs the one for `e` when that has ended.
  void run(event e);
  /// The barrier of that id has returned. If it was given up before, nothing changes.
  void done(std::uint64_t id);
  /// Cancels a barrier that has a bound and has run for longer, and gives it up if it does not end
  /// then. True if it did either: then the work that the barrier was to end may go on, and nothing
  /// waits for it.
  bool advance();

  bool idle() const { return !running_; }
  instant deadline() const { return running_ ? running_->until : never; }

 private:
  struct one {
    std::uint64_t id = 0;
    bool cancelled = false;
    instant until = never;
  };

  void start(event e);
  void cancel();
  instant limit() const { return context_.now + context_.settings.barrier_timeout; }

  std::string role_;
  context& context_;
  std::optional<one> running_;
  std::optional<event> next_;
};

}  // namespace neli::core
