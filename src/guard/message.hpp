// SPDX-License-Identifier: BSL-1.0
// What a session and its guard tell each other: a line of JSON for each message.
#pragma once

#include "core/types.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace neli::guards {

/// The first. With it come the pidfd and, if children count, the pipe.
struct hello {
  std::string store;  ///< settings, as its kind writes them
  std::string ledger;
  std::string name;
  core::milliseconds lease{};
  double clock_drift = 0;
  bool children = true;

  friend bool operator==(const hello&, const hello&) = default;
};

/// The candidate is about to claim this term, or claimed it before it knew this guard.
struct claimed {
  std::string id;
  std::string role;
  core::token term = 0;

  friend bool operator==(const claimed&, const claimed&) = default;
};

/// The candidate's own release of it is in the log.
struct ended {
  std::string id;
  std::string role;
  core::token term = 0;

  friend bool operator==(const ended&, const ended&) = default;
};

/// From the guard: it is ready to append.
struct well {
  friend bool operator==(const well&, const well&) = default;
};
/// From the guard: it is not.
struct unwell {
  std::string what;

  friend bool operator==(const unwell&, const unwell&) = default;
};

using message = std::variant<hello, claimed, ended, well, unwell>;

/// Any number of messages together.
using messages = std::vector<message>;

std::string encode(const messages&);
/// Without those that are no such message, or one of another version.
messages decode(std::string_view);

}  // namespace neli::guards
