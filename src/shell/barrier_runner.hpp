// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/user_run.hpp"
#include "strand.hpp"
#include <neli/candidate.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>

namespace neli::shell {

/// Runs a user's barrier on a strand for user code and tells the session's strand when it is over.
class barrier_runner {
 public:
  using done = std::function<void(std::uint64_t id, std::exception_ptr)>;

  barrier_runner(barrier_function b, strand user, strand own)
      : barrier_{std::move(b)}, user_{std::move(user)}, own_{std::move(own)} {}

  /// Calls `done` on the session's strand, never inline.
  void run(std::uint64_t id, const event&, done);
  /// The last one.
  void cancel() const;

 private:
  barrier_function barrier_;
  strand user_;
  strand own_;
  std::optional<user_run> last_;
};

}  // namespace neli::shell
