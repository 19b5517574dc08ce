// SPDX-License-Identifier: BSL-1.0
// What a candidate must do and must not do, one sentence per test, where no story tells it.
#include "core/candidate.hpp"

#include "support/driven.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace neli;
using namespace std::chrono_literals;
using test::driven;
using test::lease;
namespace input = core::input;
namespace action = core::action;

BOOST_FIXTURE_TEST_SUITE(claiming, driven)

BOOST_AUTO_TEST_CASE(needs_to_be_synced_and_at_the_end) {
  give(input::contend{"r"});
  give(input::reading{100, false});
  BOOST_TEST(!appended<core::claim>());
  read(100, core::release{"r", "old", 7, 99, {}});
  now += 1ms;
  give(input::tick{});
  BOOST_TEST(!appended<core::claim>());
  give(input::end_reached{});
  BOOST_TEST(appended<core::claim>());
}

BOOST_AUTO_TEST_CASE(starts_ten_times_further_back_when_the_tail_tells_too_little) {
  give(input::contend{"r"});
  give(input::reading{100'000, false});
  give(input::end_reached{});
  BOOST_REQUIRE_EQUAL(done<action::read_back>().size(), 1u);
  BOOST_TEST(done<action::read_back>()[0].records == 10'000u);
  give(input::reading{90'000, false});
  give(input::end_reached{});
  BOOST_TEST(done<action::read_back>()[0].records == 100'000u);
  give(input::reading{0, true});
  give(input::end_reached{});
  BOOST_TEST(done<action::read_back>().empty());
}

BOOST_AUTO_TEST_CASE(numbers_the_term_one_higher_than_the_logs_time_if_that_is_larger) {
  give(input::read{99, core::unreadable{}, 5000});
  give(input::read{99, core::unreadable{}, 4000});
  catch_up();
  give(input::contend{"r"});
  BOOST_TEST(appended<core::claim>()->term == 5001u);
}

/// The reader's own clock moves it on, slowly enough that it is never ahead of the log's clock, for
/// any drift allowed.
BOOST_AUTO_TEST_CASE(moves_the_logs_time_on_while_nothing_is_read) {
  core::log_clock time{core::drift{10'000}};
  BOOST_TEST(time.at(now) == 0u);
  time.note(5000, now);
  BOOST_TEST(time.at(now) == 5000u);
  BOOST_TEST(time.at(now + 1000ms) == 5980u);
  BOOST_TEST(time.at(now - 1000ms) == 5000u);
  time.note(5900, now + 1000ms);  // an older record that was long on its way
  BOOST_TEST(time.at(now + 1000ms) == 5980u);
  time.note(6000, now + 1000ms);
  BOOST_TEST(time.at(now + 2000ms) == 6980u);
}

BOOST_AUTO_TEST_CASE(ignores_a_time_that_leaves_no_numbers) {
  give(input::read{99, core::unreadable{}, core::largest_term});
  catch_up();
  give(input::contend{"r"});
  BOOST_TEST(appended<core::claim>()->term == 8u);
}

BOOST_AUTO_TEST_CASE(asks_the_time_of_a_log_that_may_have_forgotten_terms) {
  give(input::contend{"r"});
  give(input::reading{50, true});
  give(input::read{50, core::unreadable{}, 5000});
  give(input::end_reached{});
  BOOST_REQUIRE(appended<core::heartbeat>());
  const auto question = *appended<core::heartbeat>();
  BOOST_TEST(question.terms.empty());
  now += lease / 4;
  give(input::tick{});
  BOOST_TEST(appended<core::heartbeat>());  // once more, as there was no answer
  now += lease;
  give(input::tick{});
  BOOST_TEST(!appended<core::claim>());
  give(input::read{51, question, 9000});
  BOOST_REQUIRE(appended<core::claim>());
  BOOST_TEST(appended<core::claim>()->term == 9001u);
  now += lease / 4;
  give(input::tick{});
  BOOST_TEST(!appended<core::heartbeat>());
}

BOOST_AUTO_TEST_CASE(does_not_ask_the_time_where_a_term_is_known_or_a_record_has_come) {
  give(input::contend{"r"});
  give(input::reading{0, true});
  read(0, core::claim{"r", other("a"), 5, -1});
  give(input::end_reached{});
  BOOST_TEST(!appended<core::heartbeat>());
  give(input::contend{"s"});
  BOOST_TEST(appended<core::heartbeat>());
  read(1, core::heartbeat{other("a"), 1, 0, {{"r", 5, {}}}});
  give(input::contend{"t"});
  BOOST_TEST(!appended<core::heartbeat>());
}

BOOST_AUTO_TEST_CASE(numbers_the_term_one_higher_than_the_last_if_that_is_larger) {
  give(input::reading{100, false});
  read(100, core::release{"r", "old", 77'000, 99, {}});
  give(input::end_reached{});
  now += 1ms;
  give(input::contend{"r"});
  BOOST_TEST(appended<core::claim>()->term == 77'001u);
}

/// A claim that looks void to a reader of a truncated ledger may have counted.
BOOST_AUTO_TEST_CASE(numbers_the_term_beyond_those_of_void_records_too) {
  catch_up();
  read(101, core::claim{"r", other("holder"), 8, 100});
  read(102, core::claim{"r", other("void"), 77'000, 100});
  read(103, core::release{"r", "holder", 8, 102, {}});
  give(input::contend{"r"});
  BOOST_TEST(appended<core::claim>()->term == 77'001u);
}

BOOST_AUTO_TEST_CASE(never_uses_a_number_twice_even_if_the_ledger_is_gone) {
  catch_up();
  win(101);
  give(input::gap{});
  finish_barrier();  // the fenced-barrier
  give(input::reading{0, true});
  give(input::end_reached{});
  learn_the_time(0);
  now += 1100ms;
  give(input::tick{});
  BOOST_TEST(appended<core::claim>()->term == 9u);
}

BOOST_AUTO_TEST_CASE(never_uses_a_number_again_for_the_candidate_that_comes_next) {
  give(input::reading{100, false});
  read(100, core::release{"r", "old", 77'000, 99, {}});
  now += 1ms;
  give(input::end_reached{});
  give(input::contend{"r"});
  // Its claim is still on the way, and may yet be read.
  give(input::drop{"r"});
  give(input::contend{"r"});
  BOOST_TEST(appended<core::claim>()->term == 77'002u);
}

BOOST_AUTO_TEST_CASE(tells_in_the_claim_what_it_has_read) {
  catch_up();
  read(101, core::claim{"other role", other("x"), 9, 100});
  give(input::read{102, core::unreadable{}});
  give(input::contend{"r"});
  BOOST_TEST(appended<core::claim>()->based_on == 102);
}

BOOST_AUTO_TEST_CASE(is_not_repeated_until_the_outcome_is_known) {
  catch_up();
  give(input::contend{"r"});
  give(input::tick{});
  BOOST_TEST(!appended<core::claim>());
  now += 999ms;
  give(input::tick{});
  BOOST_TEST(!appended<core::claim>());
  now += 1ms;  // if the claim came back now, its lease would be over
  give(input::tick{});
  BOOST_TEST(appended<core::claim>());
}

BOOST_AUTO_TEST_CASE(a_failed_append_is_tried_again_after_a_pause) {
  catch_up();
  give(input::contend{"r"});
  give(input::append_failed{done<action::append>()[0].ticket});
  BOOST_TEST(!appended<core::claim>());
  now += 250ms;
  give(input::tick{});
  BOOST_TEST(appended<core::claim>());
}

BOOST_AUTO_TEST_CASE(a_void_claim_leads_to_nothing) {
  catch_up();
  give(input::contend{"r"});
  const auto mine = *appended<core::claim>();
  read(101, core::claim{"r", other("quick"), 6000, 100});
  read(102, mine);
  BOOST_TEST(done<action::run_barrier>().empty());
  BOOST_TEST(machine.leader_at("r", now).leader->id == "quick");
  BOOST_TEST(!appended<core::claim>());  // quick leads
}

BOOST_AUTO_TEST_CASE(a_claim_read_back_too_late_leads_to_nothing) {
  catch_up();
  give(input::contend{"r"});
  const auto mine = *appended<core::claim>();
  now += lease;
  read(101, mine);
  BOOST_TEST(!emitted<leader_acquired>());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(holding, driven)

BOOST_AUTO_TEST_CASE(leads_only_when_the_barrier_has_returned) {
  catch_up();
  give(input::contend{"r"});
  read(101, *appended<core::claim>());
  BOOST_TEST(emitted<leader_acquired>());
  BOOST_TEST(done<action::lead>().empty());
  finish_barrier();
  BOOST_REQUIRE_EQUAL(done<action::lead>().size(), 1u);
  BOOST_TEST((done<action::lead>()[0].until == now + lease));
}

BOOST_AUTO_TEST_CASE(the_lease_counts_from_sending) {
  catch_up();
  win(101);
  now += 250ms;
  give(input::tick{});
  const auto beat = *appended<core::heartbeat>();
  const auto sent = now;
  now += 200ms;
  read(102, beat);
  BOOST_TEST((done<action::lead>()[0].until == sent + lease));
}

BOOST_AUTO_TEST_CASE(the_first_lease_counts_from_sending_the_claim) {
  catch_up();
  give(input::contend{"r"});
  const auto c = *appended<core::claim>();
  const auto sent = now;
  now += 400ms;
  read(101, c);
  finish_barrier();
  BOOST_REQUIRE(done<action::lead>().size() == 1u);
  BOOST_TEST((done<action::lead>()[0].until == sent + lease));
}

BOOST_AUTO_TEST_CASE(no_record_of_another_author_extends_the_lease) {
  catch_up();
  win(101);
  now += 100ms;
  read(102, core::heartbeat{other("x"), 1, 101, {{"r", 9000, 0ms}, {"s", 1, 0ms}}});
  BOOST_TEST(done<action::lead>().empty());
  BOOST_TEST(emitted<leader_fenced>());
}

BOOST_AUTO_TEST_CASE(a_heartbeat_of_an_earlier_term_does_not_extend_a_later_one) {
  catch_up();
  win(101);
  now += 250ms;
  give(input::tick{});
  const auto late = *appended<core::heartbeat>();
  now += 900ms;
  give(input::tick{});
  finish_barrier();
  const auto* again = appended<core::claim>();
  BOOST_REQUIRE(again);
  read(102, *again);
  BOOST_TEST((machine.candidate("r")->kept_alive_at() == now));
  read(103, late);
  BOOST_TEST((machine.candidate("r")->kept_alive_at() == now));
}

BOOST_AUTO_TEST_CASE(beats_every_period_and_not_more_often) {
  catch_up();
  win(101);
  int beats = 0;
  core::offset at = 102;
  for (int ms = 0; ms < 10'000; ++ms) {
    now += 1ms;
    give(input::tick{});
    if (const auto* h = appended<core::heartbeat>()) {
      ++beats;
      const auto back = *h;
      read(at++, back);
    }
  }
  BOOST_TEST(beats == 40);
}

BOOST_AUTO_TEST_CASE(a_later_record_does_not_revive_a_lease_that_has_passed) {
  catch_up();
  win(101);
  now += 500ms;
  give(input::tick{});
  const auto beat = *appended<core::heartbeat>();
  now += 500ms;  // the process was blocked, while the heartbeat waited to be read
  read(102, beat);
  BOOST_TEST(emitted<leader_fenced>());
  BOOST_TEST(done<action::lead>().empty());
}

BOOST_AUTO_TEST_CASE(one_heartbeat_serves_all_roles) {
  give(input::contend{"r"});
  give(input::contend{"s"});
  give(input::reading{0, true});
  give(input::end_reached{});
  learn_the_time(0);
  now += 1021ms;
  give(input::tick{});
  core::offset at = 1;
  const auto claims = done<action::append>();
  for (const auto& a : claims) {
    read(at++, a.record);
    finish_barrier(std::get<core::claim>(a.record).role);
  }
  now += 250ms;
  give(input::tick{});
  BOOST_REQUIRE_EQUAL(done<action::append>().size(), 1u);
  BOOST_TEST(appended<core::heartbeat>()->terms.size() == 2u);
}

BOOST_AUTO_TEST_CASE(many_roles_are_split_over_several_heartbeats) {
  give(input::reading{0, true});
  give(input::end_reached{});
  learn_the_time(0);
  now += 1021ms;
  core::offset at = 1;
  for (int i = 0; i < 1100; ++i) win(at++, "role-" + std::to_string(i));
  now += 250ms;
  give(input::tick{});
  BOOST_TEST(done<action::append>().size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_change_of_metadata_is_told_at_once_while_leading) {
  catch_up();
  win(101);
  give(input::set_metadata{"moved"});
  BOOST_REQUIRE(appended<core::heartbeat>());
  BOOST_TEST(appended<core::heartbeat>()->by.metadata == "moved");
  read(102, *appended<core::heartbeat>());
  BOOST_TEST(emitted<leader_changed>());
}

BOOST_AUTO_TEST_CASE(a_gap_fences_and_reads_anew) {
  catch_up();
  win(101);
  give(input::gap{});
  BOOST_TEST(emitted<leader_fenced>());
  BOOST_TEST(done<action::read_back>().size() == 1u);
  BOOST_TEST(!appended<core::release>());
}

/// Found by the simulator: a record was on its way when the ledger was made anew.
BOOST_AUTO_TEST_CASE(tells_no_lower_term_from_a_ledger_made_anew) {
  catch_up();
  give(input::watch{"r"});
  read(101, core::claim{"r", other("b"), 9, 100});
  BOOST_TEST(machine.announced("r").leader.value().token == 9u);
  give(input::gap{});
  give(input::reading{0, true});
  give(input::end_reached{});
  read(0, core::heartbeat{other("a"), 1, 100, {{"r", 8, {}}}});
  BOOST_TEST(!machine.announced("r").leader);
  read(1, core::claim{"r", other("c"), 10, 0});
  BOOST_TEST(machine.announced("r").leader.value().token == 10u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(giving_up, driven)

BOOST_AUTO_TEST_CASE(the_release_comes_after_the_barrier_and_no_heartbeat_after_the_release) {
  catch_up();
  win(101);
  now += 249ms;
  give(input::close{"r"});
  BOOST_TEST(!appended<core::release>());
  BOOST_TEST(done<action::stop_leading>().size() == 1u);
  now += 1ms;
  give(input::tick{});
  BOOST_TEST(appended<core::heartbeat>());  // the lease is kept alive meanwhile
  give(input::barrier_done{"r", 2});
  BOOST_TEST(appended<core::release>());
  now += 250ms;
  give(input::tick{});
  BOOST_TEST(!appended<core::heartbeat>());
}

BOOST_AUTO_TEST_CASE(is_finished_when_the_release_is_known_to_have_arrived) {
  catch_up();
  win(101);
  give(input::close{"r"});
  finish_barrier();
  const auto ticket = done<action::append>()[0].ticket;
  BOOST_TEST(done<action::finished>().empty());
  give(input::appended{ticket});
  BOOST_TEST(done<action::finished>().size() == 1u);
}

BOOST_AUTO_TEST_CASE(is_finished_at_the_end_of_the_lease_at_the_latest) {
  catch_up();
  win(101);
  give(input::close{"r"});
  finish_barrier();
  now += lease;
  give(input::tick{});
  BOOST_TEST(done<action::finished>().size() == 1u);
}

BOOST_AUTO_TEST_CASE(closing_without_leading_is_immediate) {
  give(input::contend{"r"});
  give(input::close{"r"});
  BOOST_TEST(done<action::finished>().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_claim_on_its_way_is_withdrawn) {
  catch_up();
  give(input::contend{"r"});
  const auto mine = *appended<core::claim>();
  give(input::close{"r"});
  BOOST_REQUIRE(appended<core::release>());
  BOOST_TEST(appended<core::release>()->term == mine.term);
  const auto withdrawal = *appended<core::release>();
  BOOST_TEST(withdrawal.based_on == core::before_first);
  read(101, mine);
  BOOST_TEST(!emitted<leader_acquired>());
  read(102, withdrawal);
  BOOST_TEST((machine.leader_at("r", now).why == vacancy::released));
}

BOOST_AUTO_TEST_CASE(a_wait_is_told_in_a_record_that_others_can_read) {
  give(input::reading{100, false});
  read(100, core::release{"r", "x", 7, 99, core::longest_wait});
  give(input::end_reached{});
  give(input::contend{"r"});
  read(101, *appended<core::claim>());
  give(input::close{"r"});
  BOOST_REQUIRE(appended<core::release>());
  BOOST_TEST((appended<core::release>()->wait == core::longest_wait));
}

BOOST_AUTO_TEST_CASE(resigning_twice_or_while_not_leading_does_no_harm) {
  catch_up();
  give(input::contend{"r"});
  const auto mine = *appended<core::claim>();
  read(101, mine);
  give(input::resign{"r", 0ms});
  give(input::resign{"r", 0ms});
  BOOST_TEST(done<action::run_barrier>().empty());
  give(input::barrier_done{"r", 1});  // the acquired-barrier, cancelled
  finish_barrier();
  BOOST_TEST(appended<core::release>());
  give(input::resign{"r", 0ms});
  BOOST_TEST(!appended<core::release>());
}

BOOST_AUTO_TEST_CASE(a_fenced_leader_never_releases) {
  catch_up();
  win(101);
  now += lease;
  give(input::tick{});
  BOOST_TEST(emitted<leader_fenced>());
  BOOST_TEST(!appended<core::release>());
  give(input::close{"r"});
  BOOST_TEST(!appended<core::release>());
}

BOOST_AUTO_TEST_CASE(barriers_run_one_at_a_time_and_the_newest_waits) {
  catch_up();
  give(input::contend{"r"});
  read(101, *appended<core::claim>());
  const auto acquired = done<action::run_barrier>()[0].id;
  give(input::resign{"r", 0ms});
  BOOST_TEST(done<action::cancel_barrier>().size() == 1u);
  BOOST_TEST(emitted<leader_revoked>());
  read(102, core::claim{"r", other("x"), 9000, 101});
  BOOST_TEST(emitted<leader_fenced>());
  BOOST_TEST(done<action::run_barrier>().empty());
  give(input::barrier_done{"r", acquired});
  BOOST_REQUIRE_EQUAL(done<action::run_barrier>().size(), 1u);
  BOOST_TEST(done<action::run_barrier>()[0].event.as<leader_fenced>());
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_barrier_of_an_earlier_candidate_is_ignored) {
  catch_up();
  give(input::contend{"r"});
  read(101, *appended<core::claim>());
  const auto old = done<action::run_barrier>().at(0).id;
  give(input::drop{"r"});
  give(input::contend{"r"});
  now += lease;
  give(input::tick{});
  read(102, *appended<core::claim>());
  BOOST_REQUIRE(done<action::run_barrier>().size() == 1u);
  give(input::barrier_done{"r", old});
  BOOST_TEST(done<action::lead>().empty());
}

BOOST_AUTO_TEST_CASE(no_claim_while_a_barrier_runs) {
  catch_up();
  win(101);
  now += lease;
  give(input::tick{});
  BOOST_TEST(!appended<core::claim>());
  finish_barrier();
  BOOST_TEST(appended<core::claim>());
}

BOOST_AUTO_TEST_CASE(a_candidate_whose_acquired_barrier_hangs_is_fenced_and_stands_back) {
  catch_up();
  give(input::contend{"r"});
  read(101, *appended<core::claim>());
  now += 500ms;
  give(input::tick{});
  BOOST_REQUIRE(emitted<leader_fenced>());
  give(input::barrier_done{"r", 1});
  finish_barrier();
  claims_only_after(2000ms);
}

BOOST_AUTO_TEST_CASE(failing_ends_everything_without_a_release) {
  catch_up();
  win(101);
  give(input::fail{});
  BOOST_TEST(emitted<leader_fenced>());
  BOOST_TEST(!appended<core::release>());
  finish_barrier();
  BOOST_TEST(done<action::finished>().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(void_claims, test::driven)

/// Such claims were repeated 200 times a second.
BOOST_AUTO_TEST_CASE(are_not_repeated_at_once) {
  catch_up();
  give(input::contend{"r"});
  auto mine = *appended<core::claim>();
  mine.based_on = 99;  // as if the reader had skipped the record that makes it void
  read(101, mine);
  BOOST_TEST(!appended<core::claim>());
  now += lease / 4;
  give(input::tick{});
  BOOST_TEST(appended<core::claim>());
}

BOOST_AUTO_TEST_CASE(are_repeated_when_the_winner_has_released) {
  catch_up();
  give(input::contend{"r"});
  const auto mine = *appended<core::claim>();
  read(101, core::claim{"r", other("b"), mine.term + 1, 100});
  read(102, mine);
  read(103, core::release{"r", "b", mine.term + 1, 102, {}});
  BOOST_TEST(appended<core::claim>());
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct losing : test::driven {
  /// Reads a ledger that was made anew, and in which nobody leads.
  void read_anew() {
    give(input::reading{100, false});
    read(100, core::release{"r", "old", 9, 99, {}});
    give(input::end_reached{});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(abandoned_work, losing)

/// Another candidate acquired while a task ran that had outlasted its cancellation: it took over
/// from a candidate that had claimed anew within its own old lease, and had then released.
BOOST_AUTO_TEST_CASE(is_protected_by_the_lease_of_its_term) {
  catch_up();
  give(input::contend{"r"});
  read(101, *appended<core::claim>());  // its barrier runs, and does not end
  give(input::gap{});
  BOOST_REQUIRE_EQUAL(done<action::cancel_barrier>().size(), 1u);
  read_anew();
  now += 500ms;
  give(input::tick{});
  BOOST_REQUIRE_EQUAL(done<action::abandon_barrier>().size(), 1u);
  finish_barrier();
  claims_only_after(500ms);
}

/// The same after a barrier that ended when it was cancelled: the shell has held that barrier back
/// for the task, and has given up the task by then.
BOOST_AUTO_TEST_CASE(is_protected_when_the_barrier_had_to_be_cancelled) {
  catch_up();
  win(101);
  give(input::gap{});
  const auto fenced = done<action::run_barrier>();
  BOOST_REQUIRE_EQUAL(fenced.size(), 1u);
  read_anew();
  now += 500ms;
  give(input::tick{});
  BOOST_REQUIRE_EQUAL(done<action::cancel_barrier>().size(), 1u);
  give(input::barrier_done{"r", fenced.front().id});
  claims_only_after(500ms);
}

/// The same for a candidate that was destroyed, and the next candidate for its role in the same
/// process.
BOOST_AUTO_TEST_CASE(of_a_destroyed_candidate_is_protected_too) {
  catch_up();
  win(101);
  give(input::drop{"r"});
  give(input::contend{"r"});
  claims_only_after(1000ms);
}

BOOST_AUTO_TEST_SUITE_END()
