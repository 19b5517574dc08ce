// SPDX-License-Identifier: BSL-1.0
// When a new reading may continue the one before, and what is forgotten when it may not: the rules
// of "Reading again" in docs/protocol.md, one test per sentence.
#include "support/driven.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

using namespace neli;
using namespace std::chrono_literals;
using test::lease;
namespace input = core::input;
namespace action = core::action;

namespace {

const core::standing unknown{std::nullopt, vacancy::unknown};

/// A participant that leads "r", by a claim at offset 101. It begins to read again, from further
/// back, because no record tells of "s".
struct reading_again : test::driven {
  reading_again() {
    catch_up();
    win(101);
    mine = *appended_claim;
    give(input::contend{"s"});
    BOOST_REQUIRE(reads_back());
  }

  void read(core::offset at, core::record r) {
    if (const auto* c = std::get_if<core::claim>(&r); c && c->by.id == "self") appended_claim = *c;
    driven::read(at, std::move(r));
  }
  void win(core::offset at) {
    give(input::contend{"r"});
    read(at, *appended<core::claim>());
    finish_barrier();
  }
  void come_to_the_end() {
    give(input::reading{100, true});
    read(100, old());
    read(101, mine);
    give(input::end_reached{});
  }
  bool reads_back() const { return !done<action::read_back>().empty(); }
  bool leads(const std::string& role = "r") const {
    const auto* c = machine.candidate(role);
    return c && c->leads_at(now);
  }
  std::optional<core::claim> claim_of(const std::string& role) const {
    for (const auto& a : done<action::append>())
      if (const auto* c = std::get_if<core::claim>(&a.record); c && c->role == role) return *c;
    return std::nullopt;
  }
  core::release old() const { return {"r", "old", 7, 99, {}}; }
  /// A heartbeat of another author, which had read up to `last`, at that offset, when it was sent.
  core::heartbeat beat(core::token term, core::offset based_on, const core::record& last) const {
    core::heartbeat h{other("b"), 1, based_on, {{"r", term, {}}}};
    h.seen = print_of(last);
    return h;
  }

  std::optional<core::claim> appended_claim;
  core::claim mine;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reading_anew, reading_again)

BOOST_AUTO_TEST_CASE(continues_when_the_last_record_comes_again) {
  give(input::reading{50, false});
  read(100, old());
  BOOST_TEST(leads());
  read(101, mine);
  give(input::end_reached{});
  BOOST_TEST(leads());
  BOOST_TEST(machine.announced("r").leader.value().id == "self");
  // It sends its heartbeats meanwhile.
  now += lease / 4;
  give(input::tick{});
  BOOST_REQUIRE(appended<core::heartbeat>());
  BOOST_TEST(appended<core::heartbeat>()->based_on == 101);
  BOOST_TEST(appended<core::heartbeat>()->seen == print_of(mine));
}

/// Two led at once: another's claim may stand in the hole.
BOOST_AUTO_TEST_CASE(a_reading_that_leaves_a_hole_is_a_new_beginning) {
  give(input::reading{150, false});
  BOOST_TEST(emitted<leader_fenced>());
  finish_barrier();
  give(input::end_reached{});
  BOOST_TEST(reads_back());
  now += 2 * lease;
  give(input::tick{});
  BOOST_TEST(!appended<core::claim>());
}

/// The next reading is recognized by the record that was read last.
BOOST_AUTO_TEST_CASE(a_reading_that_follows_on_without_repeating_anything_is_a_new_beginning) {
  give(input::reading{102, false});
  BOOST_TEST(emitted<leader_fenced>());
}

BOOST_AUTO_TEST_CASE(a_log_of_another_name_is_a_new_beginning) {
  give(input::reading{100, false, "one"});
  read(100, old());
  read(101, mine);
  BOOST_TEST(leads());
  give(input::reading{100, false, "another"});
  BOOST_TEST(emitted<leader_fenced>());
}

BOOST_AUTO_TEST_CASE(a_log_of_the_same_name_or_of_none_goes_on) {
  for (const auto* name : {"one", "", "one"}) {
    give(input::reading{100, false, name});
    read(100, old());
    read(101, mine);
    give(input::end_reached{});
    BOOST_TEST(leads());
  }
}

/// Two led at once: the topic was made anew between the two readings.
BOOST_AUTO_TEST_CASE(a_log_with_another_record_at_a_known_offset_is_a_new_beginning) {
  give(input::reading{0, true});
  read(100, core::claim{"r", other("b"), 9, 99});
  BOOST_TEST(emitted<leader_fenced>());
  BOOST_TEST(reads_back());
}

BOOST_AUTO_TEST_CASE(notices_another_log_after_more_records_than_are_remembered) {
  core::offset at = 102;
  for (; at < 3000; ++at) give(input::read{at, core::unreadable{}, 0, 1});
  give(input::reading{0, true});
  for (at = 0; at < 2999; ++at) give(input::read{at, core::unreadable{}, 0, 1});
  BOOST_TEST(leads());
  give(input::read{at, core::unreadable{}, 0, 2});
  BOOST_TEST(emitted<leader_fenced>());
}

BOOST_AUTO_TEST_CASE(a_log_that_does_not_reach_as_far_is_a_new_beginning) {
  give(input::reading{0, true});
  read(0, core::claim{"r", other("b"), 9, -1});
  BOOST_TEST(leads());
  give(input::end_reached{});
  BOOST_TEST(emitted<leader_fenced>());
  BOOST_TEST(reads_back());
}

BOOST_AUTO_TEST_CASE(a_log_without_the_last_record_is_a_new_beginning) {
  give(input::reading{50, false});
  read(100, old());
  read(102, core::claim{"r", other("b"), 9, 100});
  BOOST_TEST(emitted<leader_fenced>());
  BOOST_TEST(reads_back());
}

BOOST_AUTO_TEST_CASE(a_second_reading_before_the_first_was_recognized_is_a_new_beginning) {
  give(input::reading{50, false});
  give(input::reading{50, false});
  BOOST_TEST(emitted<leader_fenced>());
}

BOOST_AUTO_TEST_CASE(a_new_beginning_gives_up_a_claim_that_is_on_its_way) {
  test::driven claimant;
  claimant.catch_up();
  claimant.give(input::contend{"r"});
  const auto claim = *claimant.appended<core::claim>();
  claimant.give(input::reading{150, false});
  claimant.read(150, core::release{"r", "old", 7, 149, {}});
  claimant.read(151, claim);
  BOOST_TEST(!claimant.emitted<leader_acquired>());
}

BOOST_AUTO_TEST_CASE(a_new_beginning_keeps_the_waits_and_the_numbers) {
  read(102, core::claim{"r", other("b"), 77, 101});
  finish_barrier();  // the fenced-barrier
  now += 1ms;
  give(input::reading{150, true});
  give(input::end_reached{});
  learn_the_time(150);
  now += lease;
  give(input::tick{});
  BOOST_TEST(!claim_of("r"));  // b's lease may still run
  now += 50ms;
  give(input::tick{});
  BOOST_REQUIRE(claim_of("r"));
  BOOST_TEST(claim_of("r")->term == 78u);
}

BOOST_AUTO_TEST_CASE(does_not_claim_before_the_last_record_has_come_again) {
  read(102, core::claim{"r", other("b"), 9, 101});
  read(103, core::release{"r", "b", 9, 102, {}});
  BOOST_TEST(!appended<core::claim>());
  give(input::reading{100, false});
  read(100, old());
  give(input::tick{});
  BOOST_TEST(!appended<core::claim>());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(what_an_earlier_log_was_told, reading_again)

/// One candidate acquired before another had handed over: a record that it had itself sent to the
/// earlier log synced it.
BOOST_AUTO_TEST_CASE(does_not_vouch) {
  test::driven newcomer;
  newcomer.give(input::contend{"r"});
  newcomer.give(input::reading{100, false});
  newcomer.read(100, core::claim{"r", other("c"), 9, 99});
  newcomer.read(101, beat(8, 100, old()));
  newcomer.give(input::end_reached{});
  BOOST_TEST((newcomer.machine.leader_at("r", newcomer.now) == unknown));
  BOOST_TEST(!newcomer.done<action::read_back>().empty());
}

BOOST_AUTO_TEST_CASE(vouches_where_both_have_read_the_same) {
  test::driven newcomer;
  newcomer.give(input::contend{"r"});
  newcomer.give(input::reading{100, false});
  const core::record last = core::claim{"r", other("c"), 9, 99};
  newcomer.read(100, last);
  newcomer.read(101, beat(10, 100, last));
  newcomer.give(input::end_reached{});
  BOOST_TEST(newcomer.machine.leader_at("r", newcomer.now).leader.value().token == 10u);
}

BOOST_AUTO_TEST_CASE(does_not_vouch_by_what_this_reader_has_not_read) {
  test::driven newcomer;
  newcomer.give(input::watch{"r"});
  newcomer.give(input::reading{100, false});
  newcomer.read(100, beat(8, 99, old()));
  newcomer.give(input::end_reached{});
  BOOST_TEST((newcomer.machine.leader_at("r", newcomer.now) == unknown));
}

BOOST_AUTO_TEST_CASE(does_not_count_as_a_claim) {
  core::claim stray{"r", other("b"), 50, 101};
  stray.seen = print_of(old());
  read(102, stray);
  BOOST_TEST(leads());
}

BOOST_AUTO_TEST_CASE(makes_a_reader_read_again_and_continue_after_a_mere_stray) {
  come_to_the_end();
  read(102, beat(7, 100, mine));
  BOOST_REQUIRE(reads_back());
  give(input::reading{100, false});
  read(100, old());
  read(101, mine);
  read(102, beat(7, 100, mine));
  BOOST_TEST(!reads_back());  // it does not read again a second time
  give(input::end_reached{});
  BOOST_TEST(leads());
}

/// Each stray took a reading of its own, during which no candidate claims.
BOOST_AUTO_TEST_CASE(makes_a_reader_read_again_twice_at_most_however_many_strays_there_are) {
  come_to_the_end();
  constexpr core::offset strays = 900;
  const auto stray = [this](core::offset at) {
    auto b = beat(7, 100, mine);
    b.seq = static_cast<std::uint64_t>(at);
    read(at, b);
  };
  const auto read_up_to = [&](core::offset last) {
    give(input::reading{100, false});
    read(100, old());
    read(101, mine);
    for (core::offset at = 102; at <= last; ++at) {
      stray(at);
      BOOST_REQUIRE(!reads_back());
    }
    give(input::end_reached{});
  };
  stray(102);
  BOOST_REQUIRE(reads_back());
  read_up_to(101 + strays);
  BOOST_REQUIRE(reads_back());
  read_up_to(101 + strays);
  BOOST_TEST(!reads_back());
  BOOST_TEST(leads());
  // One more stray makes it doubt again, as the first did.
  stray(102 + strays);
  BOOST_TEST(reads_back());
}

BOOST_AUTO_TEST_CASE(makes_a_reader_notice_a_log_that_was_made_anew) {
  come_to_the_end();
  const core::record theirs = core::claim{"r", other("b"), 9, 100};
  read(102, beat(7, 101, theirs));
  BOOST_REQUIRE(reads_back());
  give(input::reading{100, false});
  read(101, theirs);
  BOOST_TEST(emitted<leader_fenced>());
}

BOOST_AUTO_TEST_CASE(raises_no_doubt_while_the_log_is_read_again_anyway) {
  give(input::reading{50, false});
  read(60, core::release{"x", "b", 1, 59, {}});
  read(61, beat(7, 60, mine));
  BOOST_TEST(!reads_back());
}

BOOST_AUTO_TEST_CASE(does_not_make_its_own_author_doubt) {
  core::heartbeat stray{{"self", "self", "", lease}, 9, 100, {{"r", 8, {}}}};
  stray.seen = print_of(mine);
  read(102, stray);
  BOOST_TEST(!reads_back());
}

BOOST_AUTO_TEST_CASE(does_not_matter_to_a_reader_that_knows_nothing_yet) {
  test::driven newcomer;
  newcomer.give(input::contend{"r"});
  newcomer.give(input::reading{100, false});
  newcomer.read(100, core::claim{"r", other("c"), 9, 99});
  newcomer.read(101, beat(8, 100, old()));
  BOOST_TEST(newcomer.done<action::read_back>().empty());
}

BOOST_AUTO_TEST_SUITE_END()
