// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/log_clock.hpp"
#include "stores/register/tail.hpp"
#include <neli/clock.hpp>
#include <neli/stores/register.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace neli::stores::registers {

/// What one process knows of a register's value, and since when. Pure.
class known_value {
 public:
  known_value(std::chrono::milliseconds lease, core::drift rho) : lease_{lease}, clock_{rho} {}

  bool is_known() const { return changes_ > 0; }
  bool is(const register_value& v) const {
    return is_known() && v.version == version_ && v.bytes == bytes_;
  }
  const std::string& version() const { return version_; }
  const registers::tail& tail() const { return tail_; }
  /// How often it was noted.
  std::uint64_t changes() const { return changes_; }

  void note(register_value, registers::tail, clock::time_point now);

  /// The time by the log's clock: the writer's time of day, but never less than what a candidate
  /// of this process concludes from the times of the records that it has read. A candidate numbers
  /// its terms by that: so its claim is taken no earlier than its number says, however wrong its
  /// time of day; and the record with which older ones are forgotten is taken later than those.
  core::stamp log_time(clock::time_point now, core::stamp time_of_day) const;

  /// How many of the first records may be left out of a value to which so many are added. By their
  /// age, as this process knows it: it has read them itself at least four leases ago. Never by
  /// their number, as then others' void claims would push out the records of the leader.
  std::size_t forgettable(clock::time_point now, std::size_t added) const;

 private:
  const std::chrono::milliseconds lease_;
  std::uint64_t changes_ = 0;
  std::string version_;
  std::string bytes_;
  registers::tail tail_;
  std::deque<clock::time_point> read_;  ///< when each record of the tail was
  core::log_clock clock_;
};

}  // namespace neli::stores::registers
