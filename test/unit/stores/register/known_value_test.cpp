// SPDX-License-Identifier: BSL-1.0
#include "stores/register/known_value.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace neli::stores::registers;
using namespace std::chrono_literals;
using neli::clock;

namespace {

constexpr auto lease = 1s;
constexpr clock::time_point start{100s};

tail with(std::size_t records, neli::core::offset first = 0, neli::core::stamp taken = 0) {
  tail t{1, first, {}};
  for (std::size_t n = 0; n < records; ++n)
    t.entries.push_back({7, static_cast<std::uint64_t>(t.end()), taken, "x"});
  return t;
}

/// Knows the tail since then.
void note(known_value& k, const tail& t, clock::time_point when) {
  k.note({"bytes", std::to_string(k.changes())}, t, when);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(known_values)

BOOST_AUTO_TEST_CASE(a_record_that_was_read_four_leases_ago_may_be_forgotten) {
  known_value k{lease, {0}};
  note(k, with(20), start);
  note(k, with(50), start + 1s);
  BOOST_TEST(k.forgettable(start + 3999ms, 1) == 0u);
  BOOST_TEST(k.forgettable(start + 4s, 1) == 20u);
  BOOST_TEST(k.forgettable(start + 5s, 1) == 35u);
}

BOOST_AUTO_TEST_CASE(sixteen_records_are_kept_however_old_they_are) {
  known_value k{lease, {0}};
  note(k, with(20), start);
  BOOST_TEST(k.forgettable(start + 1h, 1) == 5u);
  BOOST_TEST(k.forgettable(start + 1h, 20) == 20u);
  note(k, with(3), start);
  BOOST_TEST(k.forgettable(start + 1h, 1) == 0u);
}

BOOST_AUTO_TEST_CASE(records_are_kept_however_many_there_are_while_they_are_young) {
  known_value k{lease, {0}};
  note(k, with(10'000), start);
  BOOST_TEST(k.forgettable(start + 3s, 1) == 0u);
}

BOOST_AUTO_TEST_CASE(what_others_may_have_known_for_long_is_young_when_it_is_read_first) {
  known_value k{lease, {0}};
  note(k, with(30, 1000), start);
  BOOST_TEST(k.forgettable(start, 1) == 0u);
}

BOOST_AUTO_TEST_CASE(the_age_of_a_record_stays_when_earlier_ones_are_forgotten) {
  known_value k{lease, {0}};
  note(k, with(40), start);
  note(k, with(40, 10), start + 2s);
  BOOST_TEST(k.forgettable(start + 4s, 0) == 24u);
  BOOST_TEST(k.forgettable(start + 4s, 100) == 30u);
}

BOOST_AUTO_TEST_CASE(the_records_of_another_log_are_young) {
  known_value k{lease, {0}};
  note(k, with(40), start);
  auto other = with(40);
  other.log = 2;
  note(k, other, start + 4s);
  BOOST_TEST(k.forgettable(start + 5s, 100) == 0u);
}

BOOST_AUTO_TEST_CASE(another_record_in_the_place_of_an_old_one_is_young) {
  known_value k{lease, {0}};
  note(k, with(40), start);
  note(k, with(40, 0, 1), start + 4s);
  BOOST_TEST(k.forgettable(start + 5s, 100) == 0u);
}

BOOST_AUTO_TEST_CASE(the_logs_time_is_the_writers_time_of_day) {
  known_value k{lease, {0}};
  BOOST_TEST(k.log_time(start, 5000) == 5000u);
  note(k, with(1, 0, 3000), start);
  BOOST_TEST(k.log_time(start, 5000) == 5000u);
}

BOOST_AUTO_TEST_CASE(the_logs_time_goes_on_from_the_last_record_when_the_time_of_day_is_behind) {
  known_value k{lease, {0}};
  note(k, with(1, 0, 7000), start);
  BOOST_TEST(k.log_time(start, 5000) == 7000u);
  BOOST_TEST(k.log_time(start + 2s, 5000) == 9000u);
  note(k, with(1, 0, 7000), start + 2s);
  BOOST_TEST(k.log_time(start + 2s, 5000) == 9000u);
}

BOOST_AUTO_TEST_CASE(the_logs_time_is_no_less_than_what_a_candidate_takes_it_for) {
  constexpr neli::core::drift rho{10'000};
  known_value k{lease, rho};
  neli::core::log_clock candidates{rho};
  note(k, with(1, 0, 7000), start);
  candidates.note(7000, start + 1ms);
  for (const auto later : {0s, 1s, 100s})
    BOOST_TEST(k.log_time(start + 1ms + later, 0) >= candidates.at(start + 1ms + later));
}

BOOST_AUTO_TEST_CASE(the_logs_time_does_not_run_ahead_of_time_though_a_clock_is_fast) {
  known_value k{lease, {10'000}};
  note(k, with(1, 0, 7000), start);
  BOOST_TEST(k.log_time(start + 1020ms, 0) <= 8000u);
}

BOOST_AUTO_TEST_CASE(the_time_of_a_log_that_was_made_anew_goes_on) {
  known_value k{lease, {0}};
  note(k, with(1, 0, 7000), start);
  note(k, {}, start + 1s);
  BOOST_TEST(k.log_time(start + 1s, 5000) == 8000u);
}

BOOST_AUTO_TEST_CASE(a_value_is_known_by_its_version_and_its_bytes) {
  known_value k{lease, {0}};
  BOOST_TEST(!k.is({}));
  k.note({"a", "1"}, {}, start);
  BOOST_TEST(k.is({"a", "1"}));
  BOOST_TEST(!k.is({"a", "2"}));
  BOOST_TEST(!k.is({"b", "1"}));
}

BOOST_AUTO_TEST_SUITE_END()
