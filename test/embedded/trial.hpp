// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "embedded/contest.hpp"

#include <map>
#include <optional>
#include <ostream>

namespace neli::test {

/// What must come of a disturbance.
enum class outcome {
  recovers,  ///< a leader again
  fails,     ///< a candidate that meets it ends, with Kafka's text
};

/// A disturbance of an election.
struct trial {
  std::string name;
  /// From a contest that has not begun to the end of the disturbance. False: it was not met.
  std::function<asio::awaitable<bool>(contest&)> disturb;
  /// What the mock and librdkafka take before there can be a leader again, whatever neli does.
  milliseconds allowance{0};
  outcome expected = outcome::recovers;
  std::string text = {};  ///< part of the error's when it fails
};

inline std::ostream& operator<<(std::ostream& to, const trial& t) { return to << t.name; }

/// What was seen.
struct finding {
  bool met = false;
  /// From the end of the disturbance to leadership that was gained or confirmed after it.
  std::optional<milliseconds> recovery;
  error_code failure;
  std::string violation;
};

using findings = std::map<std::string, finding>;

/// Tries them, many at a time: most of it is waiting.
findings try_all(const std::vector<trial>&);

void check(const trial&, const finding&);

/// Holds a contest in an execution context of its own, which ends with it.
void hold(std::function<asio::awaitable<void>(contest&)>);

/// The candidates begin, and one leads.
asio::awaitable<bool> begin(contest&);

}  // namespace neli::test
