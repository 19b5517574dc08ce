// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/context.hpp"

#include <optional>
#include <string>

namespace neli::core {

/// Runs the user's barriers of one role one at a time. The one that waits is always the newest: a
/// fencing replaces a revocation that had not been told yet.
class barriers {
 public:
  barriers(std::string role, context& c) : role_{std::move(role)}, context_{c} {}

  /// Runs `e` as soon as nothing else runs; what runs is cancelled.
  void run(event e);
  /// The barrier of that id has returned; one that had been given up already changes nothing.
  void done(std::uint64_t id);
  /// Cancels what runs too long once it is bounded, and gives it up when that does not help.
  /// Whether it did either: what the barrier was to end may go on then, with nobody who waits for
  /// it.
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
