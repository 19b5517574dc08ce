// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "embedded/contest.hpp"

#include <map>
#include <optional>
#include <ostream>

namespace neli::test {

/// The required outcome of a disturbance.
enum class outcome {
  recovers,  ///< a candidate leads again
  fails,     ///< a candidate that meets the disturbance ends, with Kafka's text
};

/// A disturbance of an election.
struct trial {
  std::string name;
  /// Takes a contest that has not begun to the end of the disturbance. False: no candidate met it.
  std::function<asio::awaitable<bool>(contest&)> disturb;
  /// The time that the mock and librdkafka alone take before there can be a leader again.
  milliseconds allowance{0};
  outcome expected = outcome::recovers;
  std::string text = {};  ///< part of the error's text when it fails
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

/// Runs the trials, many at a time, as they mostly wait.
findings try_all(const std::vector<trial>&);

void check(const trial&, const finding&);

/// Holds a contest in an execution context of its own, which ends with the contest.
void hold(std::function<asio::awaitable<void>(contest&)>);

/// Makes the candidates and waits until one leads.
asio::awaitable<bool> begin(contest&);

}  // namespace neli::test
