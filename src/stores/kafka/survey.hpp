// SPDX-License-Identifier: BSL-1.0
// Looks at the leader topic before it is read: makes it if it is absent, checks it against what the
// protocol assumes, and finds out where it begins and ends.
#pragma once

#include "core/types.hpp"
#include "stores/kafka/brief_thread.hpp"
#include "stores/kafka/config.hpp"
#include "stores/kafka/health.hpp"
#include "strand.hpp"
#include <neli/clock.hpp>

#include <boost/system/error_code.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli::stores::kafka {

struct findings {
  boost::system::error_code failure;  ///< the topic cannot be used, `what` says why
  std::string what;
  std::vector<std::string> warnings;  ///< settings of the topic that put the election at risk
  std::string log;                    ///< the topic's id; empty if it cannot be known
  clock::time_point as_of{};          ///< a moment before `begin` and `end` were asked for
  core::offset begin = 0;
  core::offset end = 0;
};

/// One survey of the topic. Some of the functions that it needs block, so it has a thread and a
/// client of its own, which live no longer than the survey. librdkafka's background thread would
/// not do: where it cannot be made, version 2.0 crashes.
class survey {
 public:
  /// Calls back once, on the strand. Waits for brokers that are out of reach. Throws
  /// `std::system_error` when there is no thread or no descriptor left.
  survey(const std::shared_ptr<const config>&, const strand&, std::function<void(const findings&)>);
  ~survey();

  /// The step that is under way, and its last outcome.
  health::reason why_not_yet() const;

 private:
  struct work;
  const strand strand_;
  const std::shared_ptr<work> work_;
  std::optional<brief_thread> thread_;
};

}  // namespace neli::stores::kafka
