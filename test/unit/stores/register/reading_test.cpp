// SPDX-License-Identifier: BSL-1.0
#include "unit/stores/register/fixture.hpp"
#include <neli/error.hpp>

#include <boost/assert/source_location.hpp>

#include <cerrno>

using namespace neli::test::registers;
using lines = std::vector<std::string>;

namespace {

tail of(std::uint64_t log, const std::string& values) {
  tail t{log, 0, {}};
  for (const char c : values)
    t.entries.push_back({42, static_cast<std::uint64_t>(t.end()), 0, std::string(1, c)});
  return t;
}

struct reads : fixture {
  void expect(const lines& what) {
    BOOST_TEST(told == what, boost::test_tools::per_element());
    told.clear();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(registers)
BOOST_FIXTURE_TEST_SUITE(reading, reads)

BOOST_AUTO_TEST_CASE(a_log_without_records_is_read_from_its_beginning_to_its_end) {
  read_back(10);
  expect({});
  answer_load();
  expect({"reading from 0, the beginning", "the end"});
  BOOST_TEST(names.back() == "000000000000004d");
}

BOOST_AUTO_TEST_CASE(one_that_appends_makes_the_log_before_it_reads) {
  store = {};
  read_back(10);
  answer_load();
  expect({});
  BOOST_TEST(asked_swap().version == "");
  answer_swap();
  expect({"reading from 0, the beginning", "the end"});
  BOOST_TEST(now_stored().log != 0u);
  BOOST_TEST(!asks_swap());
}

BOOST_AUTO_TEST_CASE(a_log_that_another_makes_first_is_read) {
  store = {};
  read_back(10);
  answer_load();
  set(of(1, "abc"));
  answer_swap();
  expect({"reading from 0, the beginning", "0 a", "1 b", "2 c", "the end"});
}

BOOST_AUTO_TEST_CASE(a_log_whose_making_was_in_doubt_is_read) {
  store = {};
  read_back(10);
  answer_load();
  arrives(asked_swap());
  breaks(asked_swap());
  pass(a_pause);
  told.clear();
  answer_load();
  expect({"reading from 0, the beginning", "the end"});
}

BOOST_AUTO_TEST_CASE(each_swap_that_makes_a_log_gives_it_another_id) {
  store = {};
  read_back(10);
  answer_load();
  const auto first = decode(asked_swap().bytes).log;
  breaks(asked_swap());
  pass(a_pause);
  answer_load();
  BOOST_TEST(decode(asked_swap().bytes).log != first);
}

BOOST_AUTO_TEST_CASE(one_that_only_reads_tells_that_it_waits_for_the_log_to_be_made) {
  open(4096, false);
  store = {};
  read_back(10);
  answer_load();
  BOOST_TEST(!asks_swap());
  BOOST_TEST((codes.at(0) == neli::errc::no_ledger));
  expect(
      {"trouble: reading the ledger does not work, trying again: the register 'r': there is no "
       "ledger yet, a candidate makes it"});
  pass(lease);
  answer_load();
  expect({});
  set(of(1, "a"));
  answer_wait(store);
  answer_load();
  expect({"reading the ledger works again", "reading from 0, the beginning", "0 a", "the end"});
}

BOOST_AUTO_TEST_CASE(what_the_register_holds_is_read_to_the_end) {
  set(of(1, "abc"));
  read_back(10);
  answer_load();
  expect({"reading from 0, the beginning", "0 a", "1 b", "2 c", "the end"});
  BOOST_TEST(names.back() == "0000000000000001");
}

BOOST_AUTO_TEST_CASE(reading_starts_at_the_beginning_of_the_tail_if_there_is_no_more) {
  auto t = of(1, "abc");
  t.first = 7;
  set(t);
  read_back(3);
  answer_load();
  expect({"reading from 7, the beginning", "7 a", "8 b", "9 c", "the end"});
  read_back(2);
  answer_load();
  expect({"reading from 8", "8 b", "9 c", "the end"});
}

BOOST_AUTO_TEST_CASE(a_load_that_was_asked_for_before_does_not_begin_a_reading) {
  read_back(10);
  read_back(10);
  ledger->read_back(10);
  answer_load();
  expect({});
  answer_load();
  expect({"reading from 0, the beginning", "the end"});
}

BOOST_AUTO_TEST_CASE(a_hint_with_a_value_is_read_and_is_not_the_end) {
  other_appends("a");
  begin();
  other_appends("b");
  answer_wait(store);
  expect({"1 b"});
  BOOST_TEST(!asks_load());
}

BOOST_AUTO_TEST_CASE(a_hint_without_a_value_is_followed_by_a_load) {
  other_appends("a");
  begin();
  other_appends("b");
  answer_wait({});
  BOOST_TEST(!asks_wait());
  answer_load();
  expect({"1 b", "the end"});
  BOOST_TEST(asked_wait().version == store.version);
}

BOOST_AUTO_TEST_CASE(a_hint_that_is_behind_is_ignored) {
  other_appends("a");
  const auto before = store;
  other_appends("b");
  begin();
  answer_wait(before);
  expect({});
  BOOST_TEST(!asks_load());
}

BOOST_AUTO_TEST_CASE(versions_are_not_taken_for_an_order) {
  other_appends("a");
  begin();
  for (const int version : {500, 40, 300}) {
    last_version = version;
    other_appends(std::to_string(version));
    answer_wait(store);
    BOOST_TEST(asked_wait().version == store.version);
  }
  expect({"1 500", "2 40", "3 300"});
}

BOOST_AUTO_TEST_CASE(a_hint_of_another_log_is_a_gap_only_if_a_load_shows_it_too) {
  set(of(1, "abc"));
  begin();
  const auto present = store;
  for (const auto& other : {encode(of(2, "abcd")), encode(of(1, "abx")), std::string{"junk"}}) {
    answer_wait(neli::register_value{other, "other"});
    answer_load();
    BOOST_TEST(!asks_load());
    expect({"the end"});
    pass(a_pause);
  }
  set(of(2, "abcd"));
  answer_wait(store);
  answer_load();
  expect({"a gap: the register 'r': it was made anew"});
}

BOOST_AUTO_TEST_CASE(a_register_that_was_restored_from_a_backup_is_a_gap) {
  set(of(1, "abc"));
  begin();
  set(of(1, "ab"));
  pass(lease);
  answer_load();
  expect({"a gap: the register 'r': it has lost records that were read"});
}

BOOST_AUTO_TEST_CASE(a_backup_that_has_grown_beyond_what_was_read_is_a_gap) {
  set(of(1, "abc"));
  begin();
  set(of(1, "abxyz"));
  pass(lease);
  answer_load();
  expect({"a gap: the register 'r': it holds other records than those that were read"});
}

BOOST_AUTO_TEST_CASE(a_backup_with_the_same_version_is_noticed_by_its_bytes) {
  set(of(1, "abc"));
  begin();
  store.bytes = encode(of(1, "abx"));
  pass(lease);
  answer_load();
  expect({"a gap: the register 'r': it holds other records than those that were read"});
}

BOOST_AUTO_TEST_CASE(a_register_that_was_deleted_is_a_gap) {
  set(of(1, "abc"));
  begin();
  set({});
  pass(lease);
  answer_load();
  expect({"a gap: the register 'r': it was made anew"});
}

BOOST_AUTO_TEST_CASE(after_a_deletion_the_log_is_made_when_it_is_to_be_read) {
  set(of(1, "abc"));
  begin();
  set({});
  pass(lease);
  answer_load();
  BOOST_TEST(!asks_swap());
  told.clear();
  read_back(10);
  answer_load();
  answer_swap();
  expect({"reading from 0, the beginning", "the end"});
}

BOOST_AUTO_TEST_CASE(after_a_gap_nothing_is_read_until_it_is_asked_for) {
  set(of(1, "abc"));
  begin();
  set(of(2, "de"));
  pass(lease);
  answer_load();
  told.clear();
  other_appends("f");
  answer_wait(store);
  pass(lease);
  answer_load();
  expect({});
  read_back(1);
  answer_load();
  expect({"reading from 2", "2 f", "the end"});
  BOOST_TEST(names.back() == "0000000000000002");
}

BOOST_AUTO_TEST_CASE(one_that_is_too_far_behind_is_told_of_a_gap) {
  set(of(1, "abc"));
  begin();
  auto t = of(1, "yz");
  t.first = 20;
  set(t);
  answer_wait(store);
  expect({"a gap: the register 'r': records are gone that were not read yet"});
}

BOOST_AUTO_TEST_CASE(a_load_that_a_hint_has_overtaken_is_no_gap) {
  set(of(1, "abc"));
  begin();
  const auto before = store;
  pass(lease);
  auto& load = asked_load();
  other_appends("d");
  asked_wait().answer(store);
  run();
  expect({"3 d"});
  load.answer(before);
  run();
  expect({});
  answer_load();
  expect({"the end"});
}

BOOST_AUTO_TEST_CASE(it_loads_once_in_a_lease_though_no_hint_comes) {
  other_appends("a");
  begin();
  pass(lease - 5ms);
  BOOST_TEST(!asks_load());
  pass(5ms);
  other_appends("b");
  answer_load();
  expect({"1 b", "the end"});
  pass(lease - 5ms);
  BOOST_TEST(!asks_load());
  pass(5ms);
  BOOST_TEST(asks_load());
}

BOOST_AUTO_TEST_CASE(a_wait_for_a_change_that_has_been_read_is_ended) {
  other_appends("a");
  begin();
  auto& stuck = asked_wait();
  other_appends("b");
  pass(lease);
  answer_load();
  BOOST_TEST(!stuck.cancelled);
  pass(patience);
  BOOST_TEST(stuck.cancelled);
  BOOST_TEST(asked_wait().version == store.version);
  expect({"1 b", "the end"});
}

BOOST_AUTO_TEST_CASE(hints_that_tell_nothing_new_do_not_keep_it_busy) {
  other_appends("a");
  begin();
  const auto before = waits.size();
  for (auto n = 0ms; n < lease; n += 5ms) {
    if (asks_wait()) answer_wait(store);
    pass(5ms);
    if (asks_load()) answer_load();
  }
  BOOST_TEST(waits.size() - before < 40u);
  BOOST_TEST(waits.size() - before > 4u);
}

BOOST_AUTO_TEST_CASE(it_may_be_asked_to_read_again_within_an_answer) {
  set(of(1, "abc"));
  begin();
  on_record = [this] { ledger->read_back(2), on_record = [] {}; };
  read_back(3);
  answer_load();
  expect({"reading from 0, the beginning", "0 a"});
  answer_load();
  expect({"reading from 1", "1 b", "2 c", "the end"});
}

// --- health ---

BOOST_AUTO_TEST_CASE(trouble_is_told_once_and_that_it_is_over) {
  read_back(10);
  breaks(asked_load());
  BOOST_TEST(!asks_load());
  pass(a_pause);
  breaks(asked_load());
  pass(a_pause);
  answer_load();
  BOOST_TEST(
      told.at(0).starts_with("trouble: reading the ledger does not work, trying again: the "
                             "register 'r': Connection reset"));
  BOOST_TEST((codes.at(0) == boost::asio::error::connection_reset));
  told.erase(told.begin());
  expect({"reading the ledger works again", "reading from 0, the beginning", "the end"});
}

BOOST_AUTO_TEST_CASE(the_text_of_trouble_does_not_name_the_sources_of_libraries) {
  static constexpr auto here = BOOST_CURRENT_LOCATION;
  const boost::system::error_code with_place{ECONNRESET, boost::system::system_category(), &here};
  read_back(10);
  asked_load().fail(boost::system::system_error{with_place, "server 1"});
  run();
  expect(
      {"trouble: reading the ledger does not work, trying again: the register 'r': server 1: "
       "Connection reset by peer [system:104]"});
}

BOOST_AUTO_TEST_CASE(it_tries_again_after_pauses_that_grow) {
  read_back(10);
  for (auto passed = 0ms; passed < 20 * lease; passed += 5ms) {
    if (asks_load()) breaks(asked_load());
    pass(5ms);
  }
  BOOST_TEST(loads.size() > 20 * lease / patience);
  BOOST_TEST(loads.size() < 20 * 20u);
}

BOOST_AUTO_TEST_CASE(a_load_without_an_answer_is_ended_and_tried_again) {
  read_back(10);
  auto& silent = asked_load();
  pass(patience - 5ms);
  BOOST_TEST(!silent.cancelled);
  pass(5ms);
  BOOST_TEST(silent.cancelled);
  expect(
      {"trouble: reading the ledger does not work, trying again: the register 'r': no answer "
       "within 250 ms"});
  pass(a_pause);
  answer_load();
  BOOST_TEST(made == 1);
}

BOOST_AUTO_TEST_CASE(an_operation_that_does_not_end_is_left_with_its_register) {
  read_back(10);
  const auto deaf = loads.back();
  deaf->heeds_cancellation = false;
  pass(2 * patience + a_pause);
  BOOST_TEST(made == 2);
  BOOST_TEST(alive == 2);
  answer_load();
  expect(
      {"trouble: reading the ledger does not work, trying again: the register 'r': no answer "
       "within 250 ms",
       "reading the ledger works again", "reading from 0, the beginning", "the end"});
  set(of(1, "abc"));
  deaf->answer(store);
  run();
  expect({});
  BOOST_TEST(alive == 1);
}

BOOST_AUTO_TEST_CASE(a_wait_that_fails_is_told_when_it_fails_again) {
  other_appends("a");
  begin();
  breaks(asked_wait());
  answer_load();
  pass(a_pause);
  expect({"the end"});
  breaks(asked_wait());
  answer_load();
  BOOST_TEST(told.at(0).starts_with("trouble: waiting for changes of the ledger does not work"));
  told.clear();
  pass(a_pause);
  other_appends("b");
  answer_wait(store);
  expect({"waiting for changes of the ledger works again", "1 b"});
}

BOOST_AUTO_TEST_CASE(an_error_of_nelis_ends_it) {
  read_back(10);
  asked_load().fail(neli::error{neli::errc::not_authorized, "no rights"});
  run();
  expect({"the end of all: the register 'r': no rights"});
  BOOST_TEST((codes.back() == neli::errc::not_authorized));
  pass(2 * lease);
  BOOST_TEST(!asks_load());
}

BOOST_AUTO_TEST_CASE(a_register_that_holds_what_is_not_nelis_is_refused) {
  store = {"{\"port\": 80}", "1"};
  read_back(10);
  answer_load();
  expect({"the end of all: the register 'r': it is not neli's: it begins with '{\"port\": 80}'"});
  BOOST_TEST((codes.back() == neli::errc::unusable_ledger));
}

BOOST_AUTO_TEST_CASE(a_value_that_somebody_overwrites_is_a_gap_until_it_is_mended) {
  set(of(1, "abc"));
  begin();
  const auto good = store;
  store = {"junk", "junk"};
  pass(lease);
  answer_load();
  BOOST_TEST(told.size() == 2u);
  BOOST_TEST(told.at(0).starts_with("trouble: reading the ledger does not work"));
  BOOST_TEST(told.at(1) == "a gap: the register 'r': it is not neli's: it begins with 'junk'");
  told.clear();
  read_back(10);
  pass(a_pause);
  answer_load();
  expect({});
  store = good;
  pass(a_pause);
  answer_load();
  expect({"reading the ledger works again", "reading from 0, the beginning", "0 a", "1 b", "2 c",
          "the end"});
}

// --- the end ---

BOOST_AUTO_TEST_CASE(stop_ends_its_operations_and_then_the_register) {
  other_appends("a");
  begin();
  read_back(10);
  const auto load = loads.back();
  load->heeds_cancellation = false;
  ledger->stop();
  run();
  BOOST_TEST(load->cancelled);
  BOOST_TEST(waits.back()->cancelled);
  ledger.reset();
  BOOST_TEST(alive == 1);
  load->answer(store);
  run();
  BOOST_TEST(alive == 0);
  expect({});
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
