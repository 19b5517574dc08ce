// SPDX-License-Identifier: BSL-1.0
// What the system may run out of, for a test executable that is linked with it: calls of functions
// of the system's and of librdkafka's fail when a test says so.
#pragma once

namespace neli::test {

/// What can be made to fail.
enum class resource { client, descriptor, socket, thread };

const char* to_string(resource) noexcept;

/// While it exists, one of the calls that make such a thing fails: the `which`-th from now, counted
/// from 1. Sockets fail from then on; of threads there can be fewer than `which` more at a time.
/// One of these at a time.
class scarcity {
 public:
  scarcity(resource, int which);
  ~scarcity();
  scarcity(const scarcity&) = delete;
  scarcity& operator=(const scarcity&) = delete;

  /// Whether it has come to that.
  bool felt() const;
};

/// While it exists, looking up `slow.invalid` takes half a minute; when it is gone, that fails.
class slow_names {
 public:
  slow_names();
  ~slow_names();
  slow_names(const slow_names&) = delete;
  slow_names& operator=(const slow_names&) = delete;

  static constexpr auto slow = "slow.invalid";
  /// How many look-ups of it are under way.
  static int under_way();
};

}  // namespace neli::test
