// SPDX-License-Identifier: BSL-1.0
#include "core/lease.hpp"

#include "core/record.hpp"

#include <boost/test/unit_test.hpp>

using namespace neli::core;
using namespace std::chrono_literals;

namespace {

constexpr milliseconds lease = 1000ms;
constexpr drift one_percent{10'000};
constexpr milliseconds wait = 1020ms;  ///< lease * (1 + 2 * 0.01)

}  // namespace

BOOST_AUTO_TEST_SUITE(lease_arithmetic)

BOOST_AUTO_TEST_CASE(a_leader_stops_one_lease_after_it_sent) {
  BOOST_TEST((lease_end(instant{5s}, lease) == instant{6s}));
}

BOOST_AUTO_TEST_CASE(a_reader_waits_for_more_than_the_lease_and_twice_the_drift) {
  BOOST_TEST((surely_over(instant{5s}, lease, one_percent) == instant{5s + wait} + 1ns));
  BOOST_TEST((surely_over(instant{5s}, lease, drift{0}) == instant{6s} + 1ns));
  // It is rounded up, and does not overflow at the longest lease.
  BOOST_TEST((surely_over(instant{}, 1ms, drift{1}) == instant{1'000'002ns} + 1ns));
  BOOST_TEST((surely_over(instant{}, longest_lease, drift{100'000}) == instant{72min} + 1ns));
}

BOOST_AUTO_TEST_SUITE_END()
