// SPDX-License-Identifier: BSL-1.0
// Makes resources scarce in a test executable that is linked with it: functions of the system and
// of librdkafka fail when a test says so.
#pragma once

namespace neli::test {

/// What can be made to fail.
enum class resource { client, descriptor, socket, thread };

const char* to_string(resource) noexcept;

/// While it exists, one of the calls that make such a resource fails: the `which`-th from now,
/// counted from 1. With sockets, all later calls fail too; with threads, there can be fewer than
/// `which` more at a time. Only one scarcity may exist at a time.
class scarcity {
 public:
  scarcity(resource, int which);
  ~scarcity();
  scarcity(const scarcity&) = delete;
  scarcity& operator=(const scarcity&) = delete;

  /// Whether a call has failed.
  bool felt() const;
};

/// While it exists, a look-up of `slow.invalid` does not end; when it is gone, the look-up fails.
class slow_names {
 public:
  slow_names();
  ~slow_names();
  slow_names(const slow_names&) = delete;
  slow_names& operator=(const slow_names&) = delete;

  static constexpr auto slow = "slow.invalid";
  /// How many such look-ups are under way.
  static int under_way();
};

}  // namespace neli::test
