// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/clock.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace neli {

/// One period of leadership, as its holder knows it. A value: it does not change after it was
/// handed out, so `deadline()` is the lease's end as it stood then; `candidate::term()` asks anew.
class term {
 public:
  term() = default;
  term(std::string role, std::uint64_t token, clock::time_point deadline)
      : role_{std::move(role)}, token_{token}, deadline_{deadline} {}

  /// The role that is led.
  const std::string& role() const noexcept { return role_; }

  /// The fencing token: larger than that of every earlier term of the role, of any candidate.
  /// Send it along with every effect on a shared resource, and let the resource refuse a token
  /// smaller than the largest it has seen; a leader that was overtaken can then do no harm.
  /// docs/fencing.md shows how, in SQL, over HTTP and in memory.
  std::uint64_t token() const noexcept { return token_; }

  /// When the lease ends unless another heartbeat extends it.
  clock::time_point deadline() const noexcept { return deadline_; }

  friend bool operator==(const term&, const term&) = default;

 private:
  std::string role_;
  std::uint64_t token_ = 0;
  clock::time_point deadline_{};
};

}  // namespace neli
