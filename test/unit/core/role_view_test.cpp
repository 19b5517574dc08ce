// SPDX-License-Identifier: BSL-1.0
// The reading rules of docs/protocol.md, one test per sentence.
#include "core/role_view.hpp"

#include <boost/test/unit_test.hpp>

using namespace neli::core;
using namespace std::chrono_literals;
using neli::vacancy;

namespace {

constexpr milliseconds lease = 1000ms;
constexpr drift one_percent{10'000};
constexpr milliseconds wait = 1020ms;  ///< lease * (1 + 2 * 0.01)

/// A reader of one role, on a clock that the test sets.
struct reader {
  role_view view{one_percent};
  instant now{10s};

  static author by(std::string id) { return {std::move(id), "name", "", lease}; }

  verdict claim(offset at, std::string id, token term, offset based_on, basis b = basis::untold) {
    return view.read(at, neli::core::claim{"r", by(std::move(id)), term, based_on}, b, now);
  }
  verdict beat(offset at, std::string id, token term, offset based_on, milliseconds waits = 0ms,
               basis b = basis::untold) {
    return view.read(at, heartbeat{by(std::move(id)), 1, based_on, {}}, {"r", term, waits}, b, now);
  }
  verdict release(offset at, std::string id, token term, offset based_on, basis b = basis::untold) {
    return view.read(at, neli::core::release{"r", std::move(id), term, based_on, {}}, b, now);
  }
  token current() const { return view.current() ? view.current()->term : 0; }
  bool free() const { return now >= view.free_at("self"); }
};

/// A reader that has read the log from its beginning and knows that nobody leads.
struct synced_reader : reader {
  synced_reader() {
    view.restart(0);
    view.read_all(now, lease);
    now += 2s;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reading, synced_reader)

BOOST_AUTO_TEST_CASE(a_claim_of_a_greater_term_starts_it) {
  BOOST_TEST((claim(0, "a", 5, -1) == verdict::claimed));
  BOOST_TEST(current() == 5u);
  BOOST_TEST((claim(1, "b", 6, 0) == verdict::claimed));
  BOOST_TEST(current() == 6u);
}

BOOST_AUTO_TEST_CASE(a_claim_of_the_same_or_a_lower_term_is_void) {
  claim(0, "a", 5, -1);
  BOOST_TEST((claim(1, "b", 5, 0) == verdict::nothing));
  BOOST_TEST((claim(2, "b", 4, 1) == verdict::nothing));
  BOOST_TEST(view.current()->holder.id == "a");
}

BOOST_AUTO_TEST_CASE(a_claim_that_has_not_seen_all_of_the_holders_records_is_void) {
  claim(0, "a", 5, -1);
  beat(1, "a", 5, 0);
  BOOST_TEST((claim(2, "b", 6, 0) == verdict::nothing));
  BOOST_TEST((claim(3, "b", 6, 1) == verdict::claimed));
}

BOOST_AUTO_TEST_CASE(a_claim_must_have_seen_the_release_too) {
  claim(0, "a", 5, -1);
  release(1, "a", 5, 0);
  BOOST_TEST((claim(2, "b", 6, 0) == verdict::nothing));
  BOOST_TEST((claim(3, "b", 6, 1) == verdict::claimed));
}

BOOST_AUTO_TEST_CASE(of_racing_claims_the_first_in_the_log_wins) {
  claim(0, "a", 5, -1);
  release(1, "a", 5, 0);
  BOOST_TEST((claim(2, "b", 6, 1) == verdict::claimed));
  BOOST_TEST((claim(3, "c", 6, 1) == verdict::nothing));
  BOOST_TEST((claim(4, "d", 7, 1) == verdict::nothing));
  BOOST_TEST(view.current()->holder.id == "b");
}

BOOST_AUTO_TEST_CASE(a_heartbeat_of_the_holder_is_valid) {
  claim(0, "a", 5, -1);
  now += 700ms;
  BOOST_TEST((beat(1, "a", 5, 0) == verdict::renewed));
  now += wait;
  BOOST_TEST(!free());
  now += 1ns;
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(a_heartbeat_after_a_newer_effective_claim_is_void) {
  claim(0, "a", 5, -1);
  claim(1, "b", 6, 0);
  BOOST_TEST((beat(2, "a", 5, 0) == verdict::nothing));
  BOOST_TEST(view.current()->last_valid == 1);
}

BOOST_AUTO_TEST_CASE(a_heartbeat_after_the_release_is_void) {
  claim(0, "a", 5, -1);
  release(1, "a", 5, 0);
  BOOST_TEST((beat(2, "a", 5, 0) == verdict::nothing));
  BOOST_TEST(view.current()->released);
}

BOOST_AUTO_TEST_CASE(a_release_counts_only_from_the_holder_and_for_its_term) {
  claim(0, "a", 5, -1);
  BOOST_TEST((release(1, "b", 5, 0) == verdict::nothing));
  BOOST_TEST((release(2, "a", 4, 1) == verdict::nothing));
  BOOST_TEST((release(3, "a", 6, 2) == verdict::nothing));
  BOOST_TEST((release(4, "a", 5, 3) == verdict::released));
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(a_claim_that_was_sent_to_an_earlier_log_is_void) {
  claim(0, "a", 5, -1);
  BOOST_TEST((claim(1, "b", 6, 1) == verdict::nothing));
  BOOST_TEST((claim(2, "b", 7, 40) == verdict::nothing));
  BOOST_TEST(view.current()->holder.id == "a");
  BOOST_TEST((claim(3, "b", 8, 2) == verdict::claimed));
}

BOOST_AUTO_TEST_CASE(a_void_claim_uses_its_number_and_a_void_release_none) {
  claim(0, "a", 5, -1);
  release(1, "x", 9, 0);
  BOOST_TEST(view.highest() == 5u);
  claim(2, "b", 7, -1);
  BOOST_TEST(view.highest() == 7u);
}

BOOST_AUTO_TEST_CASE(a_record_that_appears_twice_changes_nothing) {
  claim(0, "a", 5, -1);
  BOOST_TEST((claim(1, "a", 5, -1) == verdict::nothing));
  release(2, "a", 5, 0);
  BOOST_TEST((release(3, "a", 5, 0) == verdict::nothing));
  BOOST_TEST(view.current()->last_valid == 2);
}

BOOST_AUTO_TEST_CASE(the_lease_of_a_superseded_term_must_still_pass) {
  claim(0, "a", 5, -1);
  now += 500ms;
  claim(1, "b", 6, 0);
  release(2, "b", 6, 1);
  BOOST_TEST(!free());
  now += wait - 500ms;
  BOOST_TEST(!free());
  now += 1ns;
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(no_candidate_waits_for_its_own_lease) {
  claim(0, "self", 5, -1);
  BOOST_TEST(free());
  claim(1, "self", 6, 0);
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(a_heartbeat_of_a_term_whose_claim_is_missing_begins_it) {
  claim(0, "a", 5, -1);
  BOOST_TEST((beat(1, "x", 9, 80) == verdict::claimed));
  BOOST_TEST(view.current()->holder.id == "x");
  // Of two claims with one number, the author of the heartbeats has won.
  BOOST_TEST((beat(2, "y", 9, 80) == verdict::claimed));
  BOOST_TEST(view.current()->holder.id == "y");
  now += wait;
  BOOST_TEST(!free());
}

BOOST_AUTO_TEST_CASE(the_leader_is_told_with_its_newest_name_and_metadata) {
  BOOST_TEST((view.leader_at(now).why == vacancy::unclaimed));
  claim(0, "a", 5, -1);
  BOOST_TEST(view.leader_at(now).leader->token == 5u);
  heartbeat h{{"a", "new name", "new data", lease}, 1, 0, {}};
  view.read(1, h, {"r", 5, 0ms}, basis::same, now);
  BOOST_TEST(view.leader_at(now).leader->metadata == "new data");
  BOOST_TEST((view.next_change(now) == now + wait + 1ns));
  now += wait + 1ns;
  BOOST_TEST((view.leader_at(now).why == vacancy::lease_expired));
  beat(2, "a", 5, 1);
  BOOST_TEST(view.leader_at(now).leader->id == "a");
  release(3, "a", 5, 2);
  BOOST_TEST((view.leader_at(now).why == vacancy::released));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(starting_to_read, reader)

BOOST_AUTO_TEST_CASE(a_heartbeat_that_has_seen_all_before_the_start_syncs) {
  view.restart(100);
  BOOST_TEST((beat(100, "a", 5, 98) == verdict::nothing));
  BOOST_TEST(!view.synced());
  BOOST_TEST((beat(101, "a", 5, 99) == verdict::claimed));
  BOOST_TEST(view.synced());
  BOOST_TEST(current() == 5u);
}

// The claim may never have reached the log, and the earlier leader may still lead.
BOOST_AUTO_TEST_CASE(a_withdrawal_of_a_claim_not_yet_read_syncs_no_reader) {
  view.restart(101);
  BOOST_TEST((release(101, "c", 6, before_first) == verdict::nothing));
  BOOST_TEST(!view.synced());
  beat(102, "x", 5, 101);
  BOOST_TEST(view.synced());
  BOOST_TEST((view.current()->holder.id == "x"));
}

BOOST_AUTO_TEST_CASE(a_record_sent_to_an_earlier_log_syncs_no_reader) {
  view.restart(0);
  claim(0, "b", 6, 5);
  BOOST_TEST((beat(1, "a", 5, 100) == verdict::nothing));
  BOOST_TEST((release(2, "a", 5, 101) == verdict::nothing));
  BOOST_TEST(!view.synced());
}

BOOST_AUTO_TEST_CASE(a_release_also_syncs_and_ends_the_wait) {
  view.restart(100);
  beat(100, "a", 5, 98);
  BOOST_TEST((release(101, "a", 5, 99) == verdict::released));
  BOOST_TEST(view.synced());
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(a_record_does_not_sync_if_its_author_has_missed_a_claim) {
  view.restart(100);
  claim(100, "b", 6, 99);
  BOOST_TEST((beat(101, "a", 5, 99) == verdict::nothing));
  BOOST_TEST(!view.synced());
  BOOST_TEST((beat(102, "b", 6, 100) == verdict::claimed));
  BOOST_TEST(current() == 6u);
}

BOOST_AUTO_TEST_CASE(a_claim_alone_does_not_sync) {
  view.restart(100);
  BOOST_TEST((claim(100, "a", 5, 99) == verdict::nothing));
  BOOST_TEST(!view.synced());
  BOOST_TEST((view.leader_at(now) == standing{std::nullopt, vacancy::unknown}));
}

BOOST_AUTO_TEST_CASE(any_author_might_lead_before_the_reader_is_synced) {
  view.restart(100);
  claim(100, "a", 5, 50);
  now += 500ms;
  beat(101, "b", 4, 60);
  BOOST_TEST((release(102, "b", 4, 60) == verdict::nothing));
  now += wait;
  BOOST_TEST(!free());
  now += 1ns;
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(a_synced_reader_knows_what_the_author_knew_and_no_more) {
  view.restart(100);
  beat(100, "b", 4, 60);         // might lead, as far as is known
  beat(101, "a", 5, 99, 300ms);  // leads, and older leases run for 300 ms yet
  release(102, "a", 5, 101);
  now += 306ms;
  BOOST_TEST(!free());
  now += 1ns;
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(the_author_may_say_later_that_older_leases_have_passed) {
  view.restart(100);
  beat(100, "a", 5, 99, 900ms);
  beat(101, "a", 5, 100, 0ms);
  release(102, "a", 5, 101);
  now += 1ns;
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(no_author_can_shorten_a_wait_that_the_reader_has_read) {
  view.restart(0);
  view.read_all(now, lease);
  now += 2s;
  claim(0, "a", 5, -1);
  claim(1, "b", 6, 0);
  beat(2, "b", 6, 1, 0ms);
  release(3, "b", 6, 2);
  BOOST_TEST(!free());
}

BOOST_AUTO_TEST_CASE(the_whole_log_read_to_its_end_syncs) {
  view.restart(0);
  claim(0, "a", 5, -1);
  BOOST_TEST(!view.synced());
  view.read_all(now, lease);
  BOOST_TEST(view.synced());
  BOOST_TEST(current() == 5u);
}

BOOST_AUTO_TEST_CASE(a_log_without_history_may_have_lost_it) {
  view.restart(0);
  view.read_all(now, lease);
  BOOST_TEST((view.leader_at(now).why == vacancy::unclaimed));
  now += wait;
  BOOST_TEST(!free());
  now += 1ns;
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(the_end_of_the_log_changes_nothing_for_a_synced_reader) {
  view.restart(100);
  release(100, "a", 5, 99);
  view.read_all(now, lease);
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(heartbeats_tell_of_terms_whose_claims_are_gone) {
  view.restart(100);
  beat(100, "a", 5, 40);
  beat(101, "a", 5, 41);
  view.read_all(now, lease);
  BOOST_TEST(current() == 5u);
  BOOST_TEST((release(102, "a", 5, 50) == verdict::released));
}

BOOST_AUTO_TEST_CASE(reading_anew_remembers_whose_leases_must_pass) {
  view.restart(0);
  view.read_all(now, lease);
  now += 2s;
  claim(0, "a", 5, -1);
  view.restart(0);
  BOOST_TEST(!view.synced());
  BOOST_TEST(!free());
  now += wait + 1ns;
  BOOST_TEST(free());
}

BOOST_AUTO_TEST_CASE(what_was_read_before_is_skipped_when_reading_starts_further_back) {
  view.restart(100);
  beat(100, "a", 5, 99);
  release(101, "a", 5, 100);
  BOOST_TEST((beat(50, "z", 9, 49) == verdict::nothing));
  BOOST_TEST((beat(100, "a", 5, 99) == verdict::nothing));
  BOOST_TEST(current() == 5u);
  BOOST_TEST(view.current()->released);
}

BOOST_AUTO_TEST_SUITE_END()

// A guard releases the term of a process that is dead. Records of that process may come afterwards.
BOOST_AUTO_TEST_SUITE(releases_by_a_bystander)

constexpr auto nothing = before_first;  ///< what a bystander vouches for

BOOST_FIXTURE_TEST_CASE(a_heartbeat_after_the_release_of_its_term_renews_nothing, synced_reader) {
  claim(0, "a", 5, -1);
  BOOST_TEST((release(1, "a", 5, nothing) == verdict::released));
  BOOST_TEST((beat(2, "a", 5, 0) == verdict::nothing));
  BOOST_TEST(view.current()->released);
  BOOST_TEST(free());
  BOOST_TEST((claim(3, "b", 6, 1) == verdict::claimed));
}

BOOST_FIXTURE_TEST_CASE(a_heartbeat_after_the_next_term_has_begun_is_void, synced_reader) {
  claim(0, "a", 5, -1);
  release(1, "a", 5, nothing);
  claim(2, "b", 6, 1);
  BOOST_TEST((beat(3, "a", 5, 0) == verdict::nothing));
  BOOST_TEST(view.current()->holder.id == "b");
}

BOOST_FIXTURE_TEST_CASE(a_claim_after_its_release_begins_a_term_whose_lease_passes, synced_reader) {
  BOOST_TEST((release(0, "a", 5, nothing) == verdict::nothing));
  BOOST_TEST((claim(1, "a", 5, -1) == verdict::claimed));
  BOOST_TEST(!free());
  now += wait + 1ns;
  BOOST_TEST(free());
}

BOOST_FIXTURE_TEST_CASE(a_claim_after_its_release_may_be_released_once_more, synced_reader) {
  release(0, "a", 5, nothing);
  claim(1, "a", 5, -1);
  BOOST_TEST((release(2, "a", 5, nothing) == verdict::released));
  BOOST_TEST(free());
}

BOOST_FIXTURE_TEST_CASE(of_two_claims_of_one_number_only_the_one_that_counted_is_released,
                        synced_reader) {
  claim(0, "a", 5, -1);
  claim(1, "b", 5, -1);
  BOOST_TEST((release(2, "b", 5, nothing) == verdict::nothing));
  BOOST_TEST(!free());
  BOOST_TEST((release(3, "a", 5, nothing) == verdict::released));
}

BOOST_FIXTURE_TEST_CASE(a_late_release_of_an_older_term_is_void, synced_reader) {
  claim(0, "a", 5, -1);
  now += 2s;
  claim(1, "b", 6, 0);
  BOOST_TEST((release(2, "a", 5, nothing) == verdict::nothing));
  BOOST_TEST(view.current()->holder.id == "b");
  BOOST_TEST(!free());
}

BOOST_FIXTURE_TEST_CASE(it_does_not_end_the_wait_for_older_leases, synced_reader) {
  claim(0, "a", 5, -1);
  claim(1, "b", 6, 0);
  release(2, "b", 6, nothing);
  BOOST_TEST(!free());
  now += wait + 1ns;
  BOOST_TEST(free());
}

BOOST_FIXTURE_TEST_CASE(it_syncs_nobody, reader) {
  view.restart(100);
  release(100, "a", 5, nothing);
  BOOST_TEST(!view.synced());
}

BOOST_FIXTURE_TEST_CASE(a_heartbeat_that_it_has_overtaken_syncs_nobody, reader) {
  view.restart(0);
  claim(0, "a", 5, -1);
  release(1, "a", 5, nothing);
  BOOST_TEST((beat(2, "a", 5, 0, 0ms, basis::same) == verdict::nothing));
  BOOST_TEST(!view.synced());
  // For all others this claim counts, as its author had read the release.
  claim(3, "b", 6, 1);
  BOOST_TEST((beat(4, "b", 6, 3, 0ms, basis::same) == verdict::claimed));
  BOOST_TEST(view.current()->holder.id == "b");
}

BOOST_FIXTURE_TEST_CASE(a_release_of_the_holders_own_that_it_has_overtaken_syncs_nobody, reader) {
  view.restart(0);
  claim(0, "a", 5, -1);
  release(1, "a", 5, nothing);
  release(2, "a", 5, 0, basis::same);
  BOOST_TEST(!view.synced());
}

BOOST_AUTO_TEST_SUITE_END()
