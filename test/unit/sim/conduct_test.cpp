// SPDX-License-Identifier: BSL-1.0
// What the simulator checks of a single process, with processes that break the rules.
#include "sim/conduct.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace neli;
using namespace std::chrono_literals;
namespace input = core::input;
namespace action = core::action;

namespace {

constexpr auto lease = 1000ms;
const core::author me{"A", "A", {}, lease};
const core::author other{"B", "B", {}, lease};

/// One process, A: what it is told, and what it does.
struct process {
  explicit process(arbitration how = arbitration::ledger) : conduct{checks, annals, "A", how} {
    takes(input::contend{"r"});
    takes(input::end_reached{});
  }

  void takes(const core::any_input& i) { conduct.takes(core::instant{now}, i); }
  /// The next record in the ledger, which A reads at once.
  void reads(const core::record& r, core::stamp taken = 0) {
    const auto what = ++fingerprint;
    annals.append(what, &r);
    takes(input::read{++end, r, taken, what});
  }
  void sends(const core::record& r) { conduct.does(action::append{++ticket, r}); }
  void claims(core::token t) { sends(core::claim{"r", me, t, end}); }
  void claims_and_reads(core::token t) {
    const core::claim c{"r", me, t, end};
    sends(c);
    reads(c);
  }
  void releases(core::token t, core::offset based_on) {
    sends(core::release{"r", "A", t, based_on, {}});
  }
  void emits(event e) { conduct.does(action::emit{"r", std::move(e)}); }
  void expect(const std::string& what) { BOOST_TEST(broken == what); }

  std::string broken;
  sim::checks checks{[this](const std::string& what) { broken = what; }};
  sim::annals annals;
  sim::conduct conduct;
  core::instant::duration now = 10s;
  core::offset end = -1;
  core::fingerprint fingerprint = 0;
  core::ticket ticket = 0;
};

struct member : process {
  member() : process{arbitration::group} {}
};

neli::term the_term(core::token t) { return {"r", t, {}}; }
core::record heartbeat(const core::author& by, std::uint64_t seq, core::token t,
                       core::offset based_on) {
  return core::heartbeat{by, seq, based_on, {{"r", t, {}}}, {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conduct_of_a_process)

BOOST_FIXTURE_TEST_CASE(it_may_claim_lead_and_release, process) {
  claims_and_reads(5);
  emits(leader_acquired{the_term(5)});
  conduct.does(action::lead{"r", 5, core::instant{now + lease}});
  conduct.does(action::stop_leading{"r"});
  emits(leader_revoked{the_term(5), revocation::resigned});
  releases(5, end);
  expect("");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_claim_before_it_has_read_all, process) {
  conduct.does(action::read_back{1000});
  claims(5);
  expect("A claims 'r' before it has read the ledger to its end");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_claim_with_a_number_that_was_used, process) {
  reads(core::claim{"r", other, 5, -1});
  claims(5);
  expect("A claims 'r' with a number that was used");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_claim_with_a_number_that_the_log_may_have_forgotten, process) {
  reads(core::claim{"r", other, 5, -1}, 700);
  claims(700);
  expect("A claims 'r' with a number that may have been used, by the log's time");
}

BOOST_FIXTURE_TEST_CASE(its_number_is_higher_than_the_logs_time, process) {
  reads(core::claim{"r", other, 5, -1}, 700);
  now += 10ms;
  takes(input::tick{});
  claims(711);
  expect("");
  claims(713);
  expect("A claims 'r' with a larger number than it needs");
}

BOOST_FIXTURE_TEST_CASE(its_number_is_higher_than_all_that_were_used, process) {
  reads(core::claim{"r", other, 5, -1});
  reads(heartbeat(other, 1, 9, 0), 1);
  claims(10);
  expect("");
}

BOOST_FIXTURE_TEST_CASE(a_void_release_uses_no_number, process) {
  reads(core::claim{"r", other, 5, -1});
  reads(core::release{"r", "C", 8, -1, {}}, 1);
  claims(6);
  expect("");
  reads(core::release{"r", "C", 8, -1, {}}, 1);
  claims(9);
  expect("A claims 'r' with a larger number than it needs");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_ask_to_be_woken_at_a_time_that_has_come, process) {
  conduct.asks_to_be_woken(core::instant{now + 1ns});
  expect("");
  conduct.asks_to_be_woken(core::instant{now});
  expect("A asks to be woken at a time that has come");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_claim_a_role_that_the_group_has_not_given_it, member) {
  takes(input::assigned{"r"});
  claims(5);
  expect("");
  takes(input::lost{"r"});
  claims(6);  // in the same step, because it was due
  expect("");
  takes(input::tick{});
  claims(7);
  expect("A claims 'r' without the right to");
}

BOOST_FIXTURE_TEST_CASE(it_may_claim_a_role_that_its_owner_leaves_open, member) {
  reads(core::heartbeat{other, 1, -1, {}, {"r"}});
  claims(5);
  expect("");
  now += lease;
  takes(input::tick{});
  claims(6);
  expect("A claims 'r' without the right to");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_claim_while_a_barrier_runs, process) {
  conduct.does(action::run_barrier{"r", 1, leader_fenced{the_term(5), fencing::superseded}});
  claims(6);
  expect("A claims 'r' while a barrier runs");
}

BOOST_FIXTURE_TEST_CASE(it_stands_back_after_a_barrier_that_hung, process) {
  emits(leader_fenced{the_term(5), fencing::barrier_timeout});
  now += 2 * lease - 1ms;
  takes(input::tick{});
  claims(6);
  expect("A claims 'r' though its barrier hung a moment ago");
}

BOOST_FIXTURE_TEST_CASE(the_lease_protects_work_that_it_does_not_wait_for, process) {
  const neli::term lost{"r", 5, core::instant{now + lease}};
  emits(leader_fenced{lost, fencing::superseded});
  conduct.does(action::run_barrier{"r", 1, leader_fenced{lost, fencing::superseded}});
  conduct.does(action::abandon_barrier{"r", 1});
  now += lease;
  takes(input::tick{});
  claims(6);
  expect("");
  emits(leader_fenced{{"r", 6, core::instant{now + 1ns}}, fencing::superseded});
  conduct.does(action::abandon_barrier{"r", 2});
  claims(7);
  expect("A claims 'r' though its barrier hung a moment ago");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_release_a_term_that_it_is_fenced_from, process) {
  claims_and_reads(5);
  emits(leader_fenced{the_term(5), fencing::superseded});
  releases(5, end);
  expect("A releases the term 5 of 'r' though it is over");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_release_while_its_barrier_runs, process) {
  claims_and_reads(5);
  conduct.does(action::run_barrier{"r", 1, leader_revoked{the_term(5), revocation::closing}});
  releases(5, end);
  expect("A releases the term 5 of 'r' while a barrier runs");
}

BOOST_FIXTURE_TEST_CASE(a_withdrawal_vouches_for_nothing, process) {
  claims(5);
  releases(5, 0);
  expect("A releases the term 5 of 'r' and vouches for what came before");
}

BOOST_FIXTURE_TEST_CASE(it_withdraws_its_claim_before_it_is_done, process) {
  claims(5);
  conduct.does(action::finished{"r"});
  expect("A is done with 'r' and has not withdrawn its claim");
}

BOOST_FIXTURE_TEST_CASE(a_role_is_given_back_after_its_release, member) {
  takes(input::assigned{"r"});
  claims_and_reads(5);
  releases(5, end);
  conduct.does(action::give_back{"r"});
  expect("A gives 'r' back before its release has arrived");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_keep_a_released_term_alive, process) {
  claims_and_reads(5);
  releases(5, end);
  sends(heartbeat(me, 1, 5, end));
  expect("A keeps the term 5 of 'r' alive though it is over");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_keep_anothers_term_alive, process) {
  claims_and_reads(5);
  reads(core::claim{"r", other, 6, end});
  sends(heartbeat(me, 1, 5, end));
  expect("A keeps the term 5 of 'r' alive though, by what it has read, it does not hold it");
}

BOOST_FIXTURE_TEST_CASE(it_waits_for_others_leases, process) {
  reads(core::claim{"r", other, 5, -1});
  now += lease;
  takes(input::tick{});
  claims_and_reads(6);
  emits(leader_acquired{the_term(6)});
  expect("A acquires 'r' while the lease of B may run");
}

/// It may not have been synced then; the record that syncs it tells of such leases.
BOOST_FIXTURE_TEST_CASE(it_need_not_know_of_leases_that_it_read_of_without_a_candidate, process) {
  takes(input::drop{"r"});
  reads(core::claim{"r", other, 5, -1});
  takes(input::contend{"r"});
  claims_and_reads(6);
  emits(leader_acquired{the_term(6)});
  expect("");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_wait_after_a_release, process) {
  reads(core::claim{"r", other, 5, -1});
  reads(core::release{"r", "B", 5, 0, {}});
  claims_and_reads(6);
  emits(leader_acquired{the_term(6)});
  expect("");
}

BOOST_FIXTURE_TEST_CASE(a_lease_counts_from_the_sending, process) {
  claims(5);
  now += 10ms;
  takes(input::tick{});
  reads(core::claim{"r", me, 5, -1});
  conduct.does(action::lead{"r", 5, core::instant{now + lease}});
  expect("A leads 'r' for longer than its lease");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_lead_before_the_barrier_has_returned, process) {
  claims_and_reads(5);
  conduct.does(action::run_barrier{"r", 1, leader_acquired{the_term(5)}});
  conduct.does(action::lead{"r", 5, core::instant{now + lease}});
  expect("A leads 'r' before its barrier has returned");
}

BOOST_FIXTURE_TEST_CASE(a_fenced_leader_is_told_to_stop, process) {
  claims_and_reads(5);
  conduct.does(action::lead{"r", 5, core::instant{now + lease}});
  emits(leader_fenced{the_term(5), fencing::superseded});
  expect("A is not told to stop to lead 'r'");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_hand_over_a_role_that_is_lost, member) {
  takes(input::assigned{"r"});
  takes(input::lost{"r"});
  emits(leader_revoked{the_term(5), revocation::rebalanced});
  expect("A hands 'r' over though nobody has asked for it");
}

BOOST_FIXTURE_TEST_CASE(a_barrier_does_not_run_for_ever, process) {
  conduct.does(action::run_barrier{"r", 1, leader_revoked{the_term(5), revocation::closing}});
  now += 600ms;
  takes(input::barrier_done{"r", 1});
  expect("A lets a barrier of 'r' run for too long");
}

BOOST_FIXTURE_TEST_CASE(it_does_not_wait_for_a_deaf_barrier_for_ever, process) {
  conduct.does(action::run_barrier{"r", 1, leader_revoked{the_term(5), revocation::closing}});
  conduct.does(action::cancel_barrier{"r", 1});
  now += 600ms;
  takes(input::barrier_done{"r", 1});
  expect("A waits for too long for a barrier of 'r' that it has cancelled");
}

BOOST_FIXTURE_TEST_CASE(a_process_that_stood_still_is_excused, process) {
  conduct.does(action::run_barrier{"r", 1, leader_revoked{the_term(5), revocation::closing}});
  now += 600ms;
  conduct.stood_still("r");
  takes(input::barrier_done{"r", 1});
  expect("");
}

BOOST_FIXTURE_TEST_CASE(a_role_that_it_does_not_want_is_left_open, member) {
  takes(input::assigned{"unwanted"});
  takes(input::tick{});
  now += 260ms;
  takes(input::tick{});
  expect("");
  takes(input::tick{});
  expect("A keeps 'unwanted' from others, though it does not want it");
}

BOOST_FIXTURE_TEST_CASE(it_takes_for_the_leader_what_the_log_says, process) {
  reads(core::claim{"r", other, 5, -1});
  emits(leader_changed{leader_info{"B", {}, {}, 5}, {}});
  expect("");
  emits(leader_changed{std::nullopt, vacancy::released});
  expect("A is told of 'r' something else than it has read");
}

BOOST_FIXTURE_TEST_CASE(it_is_not_checked_against_a_log_that_is_gone, process) {
  reads(core::claim{"r", other, 5, -1});
  annals.begin_anew();
  emits(leader_changed{leader_info{"B", {}, {}, 5}, {}});
  expect("");
}

BOOST_FIXTURE_TEST_CASE(it_takes_for_the_leader_what_a_log_made_anew_says, process) {
  reads(core::claim{"r", other, 5, -1});
  annals.begin_anew();
  takes(input::gap{});
  end = -1;
  reads(heartbeat(other, 1, 5, 0));
  emits(leader_changed{leader_info{"B", {}, {}, 5}, {}});
  expect("");
  emits(leader_changed{std::nullopt, vacancy::unclaimed});
  expect("A is told of 'r' something else than it has read");
}

BOOST_AUTO_TEST_SUITE_END()
