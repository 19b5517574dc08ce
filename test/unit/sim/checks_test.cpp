// SPDX-License-Identifier: BSL-1.0
// The simulator's checks, with histories that break the promises: a check that cannot fail proves
// nothing.
#include "sim/checks.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace neli;
using namespace std::chrono_literals;

namespace {

struct history {
  std::string broken;
  sim::checks checks{[this](const std::string& what) { broken = what; }};

  /// A leads with the token 5, as it should.
  void a_leads() {
    checks.claimed("r", "A", 5);
    checks.leads("r", "A", 5);
    BOOST_TEST(broken == "");
  }
  void expect(const std::string& what) { BOOST_TEST(broken == what); }
};

struct story : history {
  sim::turns strict{checks, "A", sim::turns::misses::none};
  sim::turns lenient{checks, "A", sim::turns::misses::some};
  sim::reading reading{checks, "r", "F"};

  static neli::term term(std::uint64_t token) { return {"r", token, {}}; }
  static event acquired(std::uint64_t t) { return leader_acquired{term(t)}; }
  static event revoked(std::uint64_t t) { return leader_revoked{term(t), revocation::resigned}; }
  static event fenced(std::uint64_t t) { return leader_fenced{term(t), fencing::superseded}; }
  static leader_changed changed(const std::string& id, std::uint64_t token) {
    return {leader_info{id, {}, {}, token}, {}};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(promises_of_the_simulator)

BOOST_FIXTURE_TEST_CASE(one_leads, history) {
  checks.lead("r", {"A"});
  expect("");
  checks.lead("r", {"A", "B"});
  expect("A and B lead 'r' at once");
}

BOOST_FIXTURE_TEST_CASE(the_first_broken_promise_is_kept, history) {
  checks.broken("one");
  checks.broken("two");
  expect("one");
  BOOST_TEST(checks.first().value() == "one");
}

BOOST_FIXTURE_TEST_CASE(tokens_grow, history) {
  a_leads();
  checks.leads("r", "A", 5);
  BOOST_TEST(checks.elections() == 1U);
  checks.claimed("r", "B", 4);
  checks.leads("r", "B", 4);
  expect("B leads 'r' with the token 4 after A with 5");
}

BOOST_FIXTURE_TEST_CASE(each_leader_has_its_own_token, history) {
  a_leads();
  checks.claimed("r", "B", 5);
  checks.leads("r", "B", 5);
  expect("B leads 'r' with the token 5 after A with 5");
}

BOOST_FIXTURE_TEST_CASE(each_role_has_its_own_tokens, history) {
  a_leads();
  checks.claimed("q", "B", 4);
  checks.leads("q", "B", 4);
  expect("");
}

BOOST_FIXTURE_TEST_CASE(a_leader_has_claimed, history) {
  checks.claimed("r", "A", 4);
  checks.leads("r", "A", 5);
  expect("A leads 'r' with a token that it has not claimed");
}

BOOST_FIXTURE_TEST_CASE(a_candidate_leads, history) {
  checks.excused("r", 1s);
  checks.attended("r", false, 9s);
  checks.attended("r", true, 10s);
  checks.attended("r", false, 18s);
  expect("");
  checks.attended("r", false, 19s);
  expect("nobody leads 'r' for 9000 ms though the faults are over");
}

BOOST_FIXTURE_TEST_CASE(an_orderly_end_is_waited_for, history) {
  checks.renewed("r", "A", 5, 10s);
  checks.renewed("r", "A", 5, 9s);
  checks.begins("r", "A", 5);
  checks.acquires("q", "B", 6, 1s);
  checks.acquires("r", "A", 6, 1s);
  checks.acquires("r", "B", 6, 10s);
  expect("");
  checks.acquires("r", "B", 6, 9s);
  expect("B acquires 'r' before A has handed it over");
}

BOOST_FIXTURE_TEST_CASE(an_end_that_has_come_is_not_waited_for, history) {
  checks.renewed("r", "A", 5, 10s);
  checks.begins("r", "A", 5);
  checks.ends("r", "A", 5);
  checks.acquires("r", "B", 6, 9s);
  expect("");
}

BOOST_FIXTURE_TEST_CASE(an_end_of_a_later_term_is_not_waited_for, history) {
  checks.renewed("r", "A", 5, 10s);
  checks.begins("r", "A", 5);
  checks.works("r", "A", 5, [] { return false; });
  checks.acquires("r", "B", 4, 9s);
  expect("");
}

BOOST_FIXTURE_TEST_CASE(everything_of_a_term_is_waited_for, history) {
  checks.renewed("r", "A", 5, 10s);
  checks.begins("r", "A", 4);
  checks.begins("r", "A", 5);
  checks.begins("r", "A", 5);
  checks.ends("r", "A", 5);
  checks.acquires("r", "B", 6, 9s);
  expect("B acquires 'r' before A has handed it over");
}

BOOST_FIXTURE_TEST_CASE(the_end_of_an_earlier_term_is_not_waited_for, history) {
  checks.renewed("r", "A", 5, 10s);
  checks.begins("r", "A", 4);
  checks.acquires("r", "B", 6, 9s);
  expect("");
}

BOOST_FIXTURE_TEST_CASE(tasks_end_with_their_terms, history) {
  bool paused = true;
  checks.works("r", "A", 5, [&] { return paused; });
  checks.works("r", "A", 5, [&] { return paused; });
  checks.acquires("r", "B", 6, 1s);
  checks.has_worked("r", "A");
  paused = false;
  checks.acquires("r", "A", 6, 2s);
  expect("");
  checks.acquires("r", "B", 6, 3s);
  expect("B acquires 'r' while a task of A runs");
}

BOOST_FIXTURE_TEST_CASE(tasks_that_have_ended_are_not_waited_for, history) {
  checks.works("r", "A", 5, [] { return false; });
  checks.has_worked("r", "A");
  checks.acquires("r", "B", 6, 1s);
  expect("");
}

BOOST_FIXTURE_TEST_CASE(turns_in_order, story) {
  for (auto* t : {&strict, &lenient})
    for (const auto& e : {acquired(1), revoked(1), fenced(1), acquired(2), fenced(2), acquired(3),
                          revoked(3), acquired(4)})
      t->told(e);
  expect("");
  BOOST_TEST(strict.acquired().value() == 4U);
}

BOOST_FIXTURE_TEST_CASE(turns_that_were_missed, story) {
  for (const auto& e : {acquired(1), acquired(1), fenced(2), fenced(2), revoked(3), acquired(5)})
    lenient.told(e);
  expect("");
}

BOOST_FIXTURE_TEST_CASE(acquired_twice, story) {
  strict.told(acquired(1));
  strict.told(acquired(2));
  expect("A acquires twice");
}

BOOST_FIXTURE_TEST_CASE(acquired_an_old_term, story) {
  lenient.told(acquired(2));
  lenient.told(fenced(2));
  lenient.told(acquired(2));
  expect("A acquires an old term");
}

BOOST_FIXTURE_TEST_CASE(ended_what_was_not_acquired, story) {
  strict.told(revoked(1));
  expect("A ends a term that it has not acquired");
}

BOOST_FIXTURE_TEST_CASE(ended_twice, story) {
  strict.told(acquired(1));
  strict.told(revoked(1));
  strict.told(revoked(1));
  expect("A ends a term that is over");
}

BOOST_FIXTURE_TEST_CASE(revoked_after_it_was_fenced, story) {
  lenient.told(acquired(1));
  lenient.told(fenced(1));
  lenient.told(revoked(1));
  expect("A ends a term that is over");
}

BOOST_FIXTURE_TEST_CASE(a_lower_term_after_a_higher_one, story) {
  checks.claimed("r", "A", 5);
  checks.claimed("r", "B", 4);
  reading.told(changed("A", 5));
  reading.told({});
  expect("");
  reading.told(changed("B", 4));
  expect("F is told of the term 4 of 'r' after 5");
}

BOOST_FIXTURE_TEST_CASE(a_leader_that_has_not_claimed, story) {
  reading.told(changed("A", 5));
  expect("F is told that A leads 'r' with the token 5, which it has not claimed");
}

BOOST_FIXTURE_TEST_CASE(readers_agree, story) {
  checks.claimed("r", "A", 5);
  checks.claimed("r", "B", 5);
  reading.told(changed("A", 5));
  sim::reading{checks, "r", "G"}.told(changed("B", 5));
  expect("the term 5 of 'r' is A's and B's");
}

BOOST_FIXTURE_TEST_CASE(readers_agree_as_far_as_the_ledger_goes_back, story) {
  checks.ledger_forgets();
  checks.claimed("r", "A", 5);
  checks.claimed("r", "B", 5);
  reading.told(changed("A", 5));
  reading.told(changed("B", 5));
  expect("");
}

BOOST_AUTO_TEST_SUITE_END()
