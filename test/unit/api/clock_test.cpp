// SPDX-License-Identifier: BSL-1.0
#include <neli/clock.hpp>

#include <boost/test/unit_test.hpp>

#include <time.h>

#ifdef CLOCK_BOOTTIME

BOOST_AUTO_TEST_CASE(the_clock_of_leases_runs_while_the_machine_sleeps_and_cannot_be_set) {
  const auto since_boot = [] {
    timespec t{};
    ::clock_gettime(CLOCK_BOOTTIME, &t);
    return (std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec}).count();
  };
  const auto before = since_boot();
  const auto now = neli::clock::now().time_since_epoch().count();
  BOOST_TEST(before <= now);
  BOOST_TEST(now <= since_boot());
}

#endif
