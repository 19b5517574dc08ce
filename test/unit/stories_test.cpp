// SPDX-License-Identifier: BSL-1.0
// Stories of the protocol from first to last line. The tests assert the outcome of each;
// stories/*.golden has every step, for people to read.
#include "support/golden.hpp"
#include "support/stage.hpp"

#include <boost/test/unit_test.hpp>

using namespace neli;
using namespace std::chrono_literals;
using test::stage;
namespace input = core::input;

namespace {

constexpr auto role = stage::role;

void keep(const std::string& name, const stage& s) {
  test::expect_golden("unit/stories/" + name, s.transcript());
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// A ledger with a complete history, so that no leader can be unknown.
stage with_history(arbitration how) {
  stage s{how};
  s.write(core::claim{role, {"past", "past", "", stage::lease}, 1, -1});
  s.write(core::release{role, "past", 1, 0, {}});
  return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stories_of_the_ledger)

BOOST_AUTO_TEST_CASE(first_candidate) {
  stage s{arbitration::ledger};
  s.contend("A");
  s.wait(1020ms);
  BOOST_TEST(!s.leads("A"));  // a leader from before the ledger was made could still have its lease
  s.wait(1ms);
  BOOST_TEST(s.leads("A"));
  s.wait(500ms);
  keep("ledger_first_candidate", s);
}

BOOST_AUTO_TEST_CASE(clean_hand_over) {
  auto s = with_history(arbitration::ledger);
  s.contend("A");
  s.contend("B");
  s.watch("F");
  s.wait(600ms);
  BOOST_TEST(s.leads("A"));
  s.hold_barriers("A");
  s.give("A", input::close{role});
  s.wait(400ms);
  s.say("A's barrier is still running: it leads and keeps its lease alive");
  BOOST_TEST(s.leads("A"));
  BOOST_TEST(!s.leads("B"));
  s.let_barriers_go("A");
  BOOST_TEST(s.leads("B"));  // no time has passed
  keep("ledger_clean_hand_over", s);
}

BOOST_AUTO_TEST_CASE(crash) {
  auto s = with_history(arbitration::ledger);
  s.contend("A");
  s.contend("B");
  s.wait(600ms);
  s.crash("A");
  s.wait(919ms);  // the wait counts from the heartbeat at 500 ms
  BOOST_TEST(!s.leads("B"));
  s.wait(2ms);
  BOOST_TEST(s.leads("B"));
  keep("ledger_crash", s);
}

BOOST_AUTO_TEST_CASE(pause_of_the_leader) {
  auto s = with_history(arbitration::ledger);
  s.contend("A");
  s.contend("B");
  s.wait(600ms);
  s.pause("A");
  s.wait(1200ms);
  BOOST_TEST(s.leads("B"));
  BOOST_TEST(!s.leads("A"));  // by its clock alone, before any record has reached it
  s.resume("A");
  BOOST_TEST(!s.leads("A"));
  BOOST_TEST(s.leads("B"));
  keep("ledger_pause_of_the_leader", s);
}

BOOST_AUTO_TEST_CASE(leader_cut_off) {
  auto s = with_history(arbitration::ledger);
  s.contend("A");
  s.contend("B");
  s.wait(600ms);
  s.cut_off("A");
  s.wait(899ms);
  BOOST_TEST(s.leads("A"));
  s.wait(1ms);
  s.say("A's lease, counted from the last heartbeat that came back, is over");
  BOOST_TEST(!s.leads("A"));
  BOOST_TEST(!s.leads("B"));
  s.wait(25ms);
  BOOST_TEST(s.leads("B"));
  s.heal("A");
  BOOST_TEST(s.leads("B"));
  keep("ledger_leader_cut_off", s);
}

BOOST_AUTO_TEST_CASE(resigning) {
  auto s = with_history(arbitration::ledger);
  s.contend("A");
  s.wait(100ms);
  s.give("A", input::resign{role, 500ms});
  BOOST_TEST(!s.leads("A"));
  s.wait(499ms);
  BOOST_TEST(!s.leads("A"));
  s.wait(1ms);
  BOOST_TEST(s.leads("A"));  // no other candidate wants it
  keep("ledger_resigning", s);
}

BOOST_AUTO_TEST_CASE(racing_claims) {
  auto s = with_history(arbitration::ledger);
  s.contend("A");
  s.contend("B");
  s.contend("C");
  s.wait(100ms);
  s.give("A", input::close{role});
  BOOST_TEST(s.leads("B") + s.leads("C") == 1);
  BOOST_TEST(count(s.transcript(), "> run barrier 1 acquired") == 2u);
  keep("ledger_racing_claims", s);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(stories_of_the_group)

BOOST_AUTO_TEST_CASE(rebalance) {
  auto s = with_history(arbitration::group);
  s.contend("A");
  s.contend("B");
  s.give("A", input::assigned{role});
  BOOST_TEST(s.leads("A"));
  s.wait(300ms);
  s.hold_barriers("A");
  s.give("A", input::asked_back{role});
  BOOST_TEST(count(s.transcript(), "> give back") == 0u);
  s.let_barriers_go("A");
  BOOST_TEST(count(s.transcript(), "> give back") == 1u);
  s.give("B", input::assigned{role});
  BOOST_TEST(s.leads("B"));
  keep("group_rebalance", s);
}

BOOST_AUTO_TEST_CASE(lost_assignment) {
  auto s = with_history(arbitration::group);
  s.contend("A");
  s.contend("B");
  s.give("A", input::assigned{role});
  s.wait(300ms);
  s.give("A", input::lost{role});
  BOOST_TEST(!s.leads("A"));
  s.give("B", input::assigned{role});
  s.say("B waits for A's lease");
  BOOST_TEST(!s.leads("B"));
  s.wait(1100ms);
  BOOST_TEST(s.leads("B"));
  BOOST_TEST(count(s.transcript(), "> append #3 release") == 0u);  // a fenced leader never releases
  keep("group_lost_assignment", s);
}

BOOST_AUTO_TEST_CASE(an_owner_leaves_its_role_to_others) {
  auto s = with_history(arbitration::group);
  s.contend("A");
  s.contend("B");
  s.give("A", input::assigned{role});
  s.wait(300ms);
  s.give("A", input::resign{role, 1s});
  s.say("B leads, though the role is still A's by the group");
  BOOST_TEST(s.leads("B"));
  s.wait(2s);
  s.say("A does not take back what B keeps alive");
  BOOST_TEST(s.leads("B"));
  s.give("B", input::close{role});
  BOOST_TEST(s.leads("A"));
  keep("group_an_owner_leaves_its_role_to_others", s);
}

BOOST_AUTO_TEST_CASE(living_holder_is_left_in_peace) {
  auto s = with_history(arbitration::group);
  s.contend("A");
  s.contend("B");
  s.give("A", input::assigned{role});
  s.wait(300ms);
  s.say("A has been thrown out of the group and does not know it");
  s.give("B", input::assigned{role});
  BOOST_TEST(s.leads("A"));
  s.wait(2s);
  BOOST_TEST(s.leads("A"));
  s.give("A", input::lost{role});
  BOOST_TEST(!s.leads("A"));
  s.wait(1100ms);
  BOOST_TEST(s.leads("B"));
  keep("group_living_holder_is_left_in_peace", s);
}

BOOST_AUTO_TEST_CASE(barrier_that_hangs) {
  auto s = with_history(arbitration::group);
  s.contend("A");
  s.give("A", input::assigned{role});
  s.wait(300ms);
  s.hold_barriers("A");
  s.give("A", input::asked_back{role});
  s.wait(500ms);
  BOOST_TEST(!s.leads("A"));
  BOOST_TEST(count(s.transcript(), "> give back") == 1u);
  BOOST_TEST(count(s.transcript(), "barrier timeout") == 1u);
  s.wait(1500ms);
  BOOST_TEST(count(s.transcript(), "> abandon barrier") == 2u);
  keep("group_barrier_that_hangs", s);
}

BOOST_AUTO_TEST_CASE(outage_shorter_than_the_lease) {
  auto s = with_history(arbitration::group);
  s.contend("A");
  s.give("A", input::assigned{role});
  s.wait(300ms);
  s.cut_off("A");
  s.wait(600ms);
  s.heal("A");
  s.wait(400ms);
  BOOST_TEST(s.leads("A"));
  BOOST_TEST(count(s.transcript(), "> emit fenced") == 0u);
  keep("group_outage_shorter_than_the_lease", s);
}

BOOST_AUTO_TEST_CASE(outage_longer_than_the_lease) {
  auto s = with_history(arbitration::group);
  s.contend("A");
  s.give("A", input::assigned{role});
  s.wait(300ms);
  s.cut_off("A");
  s.wait(1500ms);
  BOOST_TEST(!s.leads("A"));
  s.heal("A");
  s.wait(1100ms);
  s.say("it still owns the role and needs a new term");
  BOOST_TEST(s.leads("A"));
  BOOST_TEST(count(s.transcript(), "> run barrier 3 acquired") == 1u);
  keep("group_outage_longer_than_the_lease", s);
}

BOOST_AUTO_TEST_CASE(ledger_made_anew) {
  auto s = with_history(arbitration::group);
  s.contend("A");
  s.contend("B");
  s.give("A", input::assigned{role});
  s.wait(300ms);
  s.lose_ledger();
  BOOST_TEST(!s.leads("A"));
  s.give("A", input::lost{role});
  s.give("B", input::assigned{role});
  s.wait(1000ms);
  BOOST_TEST(!s.leads("B"));
  s.wait(21ms);
  BOOST_TEST(s.leads("B"));
  keep("group_ledger_made_anew", s);
}

BOOST_AUTO_TEST_SUITE_END()
