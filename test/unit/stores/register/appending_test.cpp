// SPDX-License-Identifier: BSL-1.0
#include "unit/stores/register/fixture.hpp"

#include <algorithm>

using namespace neli::test::registers;
using lines = std::vector<std::string>;

namespace {

struct appends : fixture {
  using fixture::fixture;

  void expect(const lines& what) {
    BOOST_TEST(told == what, boost::test_tools::per_element());
    told.clear();
  }
  lines stored() const {
    lines all;
    for (const auto& e : now_stored().entries) all.push_back(e.value);
    return all;
  }
  void expect_stored(const lines& what) {
    BOOST_TEST(stored() == what, boost::test_tools::per_element());
  }
  static lines in(const neli::test::asked<neli::register_swap>& s) {
    lines all;
    for (const auto& e : decode(s.bytes).entries) all.push_back(e.value);
    return all;
  }
};

struct on_a_small_register : appends {
  on_a_small_register() : appends{4096} {}
};

/// What hardly can be compressed.
std::string noise(std::size_t size) {
  std::string s;
  for (std::uint64_t n = 1; s.size() < size; n = n * 6364136223846793005u + 1442695040888963407u)
    s += static_cast<char>(n >> 56);
  return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registers)
BOOST_FIXTURE_TEST_SUITE(appending, appends)

BOOST_AUTO_TEST_CASE(a_swap_that_succeeds_is_the_read_back) {
  other_appends("a");
  begin();
  append(1, "b");
  answer_swap();
  expect({"1 b", "the end", "appended 1"});
  BOOST_TEST(loads.size() == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_is_told_within_the_call) {
  begin();
  ledger->append(1, "a");
  BOOST_TEST(!asks_swap());
}

BOOST_AUTO_TEST_CASE(all_that_waits_goes_in_one_swap) {
  begin();
  append(1, "a");
  for (const neli::core::ticket t : {2U, 3U, 4U}) append(t, std::to_string(t));
  answer_swap();
  expect({"0 a", "the end", "appended 1"});
  answer_swap();
  expect({"1 2", "2 3", "3 4", "the end", "appended 2", "appended 3", "appended 4"});
}

BOOST_AUTO_TEST_CASE(what_is_appended_while_it_loads_follows_the_load) {
  other_appends("a");
  begin();
  pass(lease);
  BOOST_TEST(asks_load());
  append(1, "b");
  BOOST_TEST(!asks_swap());
  answer_load();
  answer_swap();
  BOOST_TEST(told.back() == "appended 1");
}

BOOST_AUTO_TEST_CASE(a_swap_that_is_lost_goes_on_from_what_the_store_tells) {
  other_appends("a");
  begin();
  append(1, "mine");
  other_appends("b");
  answer_swap();
  expect({"1 b", "the end"});
  answer_swap();
  expect({"2 mine", "the end", "appended 1"});
  BOOST_TEST(loads.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_swap_that_is_lost_to_an_unknown_value_is_followed_by_a_load) {
  other_appends("a");
  begin();
  append(1, "mine");
  other_appends("b");
  asked_swap().answer({false, {}});
  run();
  answer_load();
  answer_swap();
  expect({"1 b", "the end", "2 mine", "the end", "appended 1"});
}

BOOST_AUTO_TEST_CASE(one_that_loses_again_and_again_gets_out_of_the_way) {
  other_appends("a");
  begin();
  append(1, "mine");
  int put_off = 0;
  for (int n = 0; n < 8; ++n) {
    other_appends("b");
    answer_swap();
    if (n == 0) BOOST_TEST(asks_swap());
    put_off += !asks_swap();
    while (!asks_swap()) pass(5ms);
  }
  BOOST_TEST(put_off > 3);
  answer_swap();
  BOOST_TEST(stored().back() == "mine");
}

BOOST_AUTO_TEST_CASE(a_hint_of_its_own_swap_may_come_first) {
  other_appends("a");
  begin();
  append(1, "b");
  auto& s = asked_swap();
  arrives(s);
  answer_wait(store);
  expect({"1 b", "appended 1"});
  s.answer({true, store});
  run();
  expect({"the end"});
  BOOST_TEST(!asks_swap());
}

BOOST_AUTO_TEST_CASE(a_swap_that_others_have_followed_already_does_not_go_back) {
  other_appends("a");
  begin();
  append(1, "b");
  auto& s = asked_swap();
  arrives(s);
  const auto written = store;
  other_appends("c");
  answer_wait(store);
  expect({"1 b", "2 c", "appended 1"});
  s.answer({true, written});
  run();
  append(2, "d");
  answer_swap();
  expect({"the end", "3 d", "the end", "appended 2"});
}

BOOST_AUTO_TEST_CASE(a_swap_that_shows_that_a_hint_was_of_what_is_lost_is_a_gap) {
  other_appends("a");
  begin();
  append(1, "b");
  auto lost = now_stored();
  for (const auto* value : {"x", "y"}) lost.entries.push_back({42, 100, 0, value});
  answer_wait(neli::register_value{encode(lost), "lost"});
  answer_swap();
  expect({"1 x", "2 y", "a gap: the register 'r': it holds other records than those that were read",
          "appended 1"});
  read_back(10);
  answer_load();
  expect({"reading from 0, the beginning", "0 a", "1 b", "the end"});
}

// --- in doubt ---

BOOST_AUTO_TEST_CASE(a_swap_in_doubt_that_was_written_is_not_written_again) {
  other_appends("a");
  begin();
  append(1, "b");
  arrives(asked_swap());
  breaks(asked_swap());
  pass(a_pause);
  answer_load();
  BOOST_TEST(told.at(0).starts_with("trouble: appending to the ledger does not work"));
  told.erase(told.begin());
  expect({"1 b", "the end", "appended 1"});
  pass(lease / 2);
  BOOST_TEST(!asks_swap());
}

BOOST_AUTO_TEST_CASE(a_swap_in_doubt_that_was_written_and_followed_by_others_is_not_written_again) {
  other_appends("a");
  begin();
  append(1, "b");
  arrives(asked_swap());
  other_appends("c");
  breaks(asked_swap());
  pass(a_pause);
  answer_load();
  BOOST_TEST(!asks_swap());
  expect_stored({"a", "b", "c"});
  BOOST_TEST(told.back() == "appended 1");
}

BOOST_AUTO_TEST_CASE(a_swap_in_doubt_that_was_not_written_is_written_later) {
  other_appends("a");
  begin();
  append(1, "b");
  breaks(asked_swap());
  pass(a_pause);
  answer_load();
  answer_swap();
  expect_stored({"a", "b"});
}

BOOST_AUTO_TEST_CASE(of_two_swaps_in_doubt_only_one_is_written) {
  for (const bool late : {false, true}) {
    appends world;
    world.other_appends("a");
    world.begin();
    world.append(1, "b");
    const auto first = world.swaps.back();
    world.breaks(*first);
    world.pass(a_pause);
    world.answer_load();  // it has not arrived yet
    const auto second = world.swaps.back();
    BOOST_TEST(second != first);
    if (!late) BOOST_TEST(world.arrives(*first));
    world.answer_swap();
    if (late) BOOST_TEST(!world.arrives(*first));
    world.expect_stored({"a", "b"});
    BOOST_TEST(world.told.back() == "appended 1");
    BOOST_TEST(!world.asks_swap());
  }
}

BOOST_AUTO_TEST_CASE(what_is_appended_later_stands_after_what_is_in_doubt) {
  other_appends("a");
  begin();
  append(1, "b");
  const auto first = swaps.back();
  append(2, "c");
  breaks(*first);
  pass(a_pause);
  answer_load();
  BOOST_TEST(arrives(*first));
  answer_swap();
  answer_swap();
  expect_stored({"a", "b", "c"});
}

// --- what fails ---

BOOST_AUTO_TEST_CASE(what_is_not_appended_within_the_lease_has_failed_and_is_not_sent_any_more) {
  other_appends("a");
  begin();
  append(1, "late");
  for (auto t = 0ms; t < lease; t += 5ms) {
    if (asks_load()) breaks(asked_load());
    if (asks_swap()) breaks(asked_swap());
    pass(5ms);
  }
  BOOST_TEST(std::count(told.begin(), told.end(), "failed 1") == 1);
  BOOST_TEST(whys.back() == "the register 'r': it could not be appended within the lease");
  append(2, "in time");
  pass(a_pause);
  answer_load();
  if (!asks_swap()) pass(a_pause);
  answer_swap();
  expect_stored({"a", "in time"});
  BOOST_TEST(std::count(told.begin(), told.end(), "appended 1") == 0);
}

BOOST_AUTO_TEST_CASE(what_has_failed_may_be_in_the_log_and_is_read) {
  other_appends("a");
  begin();
  append(1, "late");
  const auto s = swaps.back();
  breaks(*s);
  pass(lease + 10ms);
  BOOST_TEST(told.back() == "failed 1");
  told.clear();
  arrives(*s);
  answer_wait(store);
  expect({"1 late"});
}

BOOST_AUTO_TEST_CASE(a_swap_without_an_answer_is_ended_and_settled_by_a_load) {
  other_appends("a");
  begin();
  append(1, "b");
  auto& s = asked_swap();
  pass(patience);
  BOOST_TEST(s.cancelled);
  pass(a_pause);
  BOOST_TEST(arrives(s));
  answer_load();
  BOOST_TEST(told.back() == "appended 1");
  BOOST_TEST(!asks_swap());
}

BOOST_AUTO_TEST_CASE(what_waits_has_failed_when_the_log_is_another_one) {
  other_appends("a");
  begin();
  append(1, "b");
  set({});
  answer_swap();
  expect({"a gap: the register 'r': it was made anew", "failed 1"});
  pass(lease / 2);
  BOOST_TEST(!asks_swap());
}

BOOST_FIXTURE_TEST_CASE(what_does_not_fit_is_refused, on_a_small_register) {
  begin();
  append(1, noise(5000));
  BOOST_TEST(!asks_swap());
  BOOST_TEST(told.size() == 2u);
  BOOST_TEST(
      told.at(0).starts_with("trouble: appending to the ledger does not work, trying again: "
                             "the register 'r': with one more record its value would have 5"));
  BOOST_TEST(told.at(0).ends_with(" bytes; it may have 4096 (register_store.most_bytes)"));
  BOOST_TEST(told.at(1) == "failed 1");
  told.clear();
  append(2, "b");
  answer_swap();
  expect({"appending to the ledger works again", "0 b", "the end", "appended 2"});
}

BOOST_FIXTURE_TEST_CASE(as_much_as_fits_is_appended, on_a_small_register) {
  begin();
  append(1, "a");
  for (const neli::core::ticket t : {2U, 3U, 4U, 5U}) append(t, noise(1500));
  answer_swap();
  told.clear();
  while (asks_swap()) answer_swap();
  BOOST_TEST(std::count(told.begin(), told.end(), "appended 2") == 1);
  BOOST_TEST(std::count(told.begin(), told.end(), "appended 3") == 1);
  for (const auto* t : {"2", "3", "4", "5"})
    BOOST_TEST(std::count(told.begin(), told.end(), "appended " + std::string{t}) +
                   std::count(told.begin(), told.end(), "failed " + std::string{t}) ==
               1);
  BOOST_TEST(store.bytes.size() <= 4096u);
}

// --- what it writes ---

BOOST_AUTO_TEST_CASE(what_was_read_four_leases_ago_is_left_out_of_what_is_written) {
  for (int n = 0; n < 40; ++n) other_appends(std::to_string(n));
  begin();
  for (int n = 0; n < 3; ++n) {
    pass(lease);
    answer_load();
  }
  append(1, "young");
  answer_swap();
  BOOST_TEST(now_stored().first == 0);
  pass(lease);
  answer_load();
  append(2, "old");
  answer_swap();
  BOOST_TEST(now_stored().first == 42 - 16);
  BOOST_TEST(stored().back() == "old");
}

BOOST_AUTO_TEST_CASE(the_time_of_a_record_never_goes_back) {
  time_of_day = 5000;
  begin();
  append(1, "a");
  answer_swap();
  pass(100ms);
  time_of_day = 3000;
  append(2, "b");
  answer_swap();
  BOOST_TEST(stamps == (std::vector<neli::core::stamp>{5000, 5100}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(that_appending_works_again_is_told_when_it_does_or_was_not_needed_for_long) {
  other_appends("a");
  begin();
  append(1, "b");
  breaks(asked_swap());
  pass(a_pause);
  answer_load();
  answer_swap();
  BOOST_TEST(std::count(told.begin(), told.end(), "appending to the ledger works again") == 1);
  append(2, "c");
  for (auto t = 0ms; t < lease; t += 5ms) {
    if (asks_load()) answer_load();
    if (asks_swap()) breaks(asked_swap());
    pass(5ms);
  }
  BOOST_TEST(told.back() == "failed 2");
  for (auto t = 0ms; t < 3 * lease; t += 5ms) {
    if (asks_load()) answer_load();
    pass(5ms);
  }
  BOOST_TEST(std::count(told.begin(), told.end(),
                        "appending to the ledger works again, as far as is known: nothing has "
                        "failed for 2000 ms") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
