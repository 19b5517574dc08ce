// SPDX-License-Identifier: BSL-1.0
// Candidates that decide among themselves, without a group.
#include "support/shell_fixture.hpp"

using namespace neli;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(ledger_arbitration, test::shell_fixture)

BOOST_AUTO_TEST_CASE(the_first_leads_at_once_and_others_wait) {
  auto a = in_ledger("a");
  auto b = in_ledger("b");
  BOOST_TEST(a.is_leader());
  sandbox.run_for(1h);
  BOOST_TEST(a.is_leader());
  BOOST_TEST(!b.is_leader());
  BOOST_TEST(b.leader()->name == "a");
}

BOOST_AUTO_TEST_CASE(a_standby_takes_over_as_soon_as_the_leader_leaves) {
  auto a = in_ledger("a", note("a "));
  auto b = in_ledger("b", note("b "));
  const auto term = a.term()->token();
  const auto before = sandbox.now();
  a.close([](error_code) {});
  sandbox.settle();
  BOOST_TEST(b.is_leader());
  BOOST_TEST(b.term()->token() > term);
  BOOST_TEST((sandbox.now() == before));
  BOOST_TEST(told == (std::vector<std::string>{"a acquired", "a revoked", "b acquired"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_standby_takes_over_when_the_lease_of_a_silent_leader_has_passed) {
  auto a = in_ledger("a");
  auto b = in_ledger("b");
  sandbox.partition(a);
  const auto until = a.term()->deadline();
  while (!b.is_leader()) {
    BOOST_TEST((a.is_leader() == (sandbox.now() < until)));
    sandbox.run_for(1ms);
  }
  // The difference that clocks may have, and a tenth of a lease over which claims are spread.
  BOOST_TEST((sandbox.now() - until < 150ms));
  sandbox.heal(a);
  sandbox.run_for(10s);
  BOOST_TEST(b.is_leader());
  BOOST_TEST(!a.is_leader());
}

BOOST_AUTO_TEST_CASE(a_leader_that_sleeps_through_its_lease_does_not_wake_as_the_leader) {
  auto a = in_ledger("a", note("a "));
  auto b = in_ledger("b", note("b "));
  sandbox.jump(2s);
  BOOST_TEST(!a.is_leader());
  sandbox.run_for(2s);
  BOOST_TEST((a.is_leader() != b.is_leader()));
  BOOST_TEST(told.at(1) == "a fenced");
}

BOOST_AUTO_TEST_CASE(one_of_many_claims_wins) {
  std::vector<candidate> all;
  for (int i = 0; i < 20; ++i) all.push_back(in_ledger(std::to_string(i)));
  for (int round = 0; round < 19; ++round) {
    std::optional<std::size_t> leader;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].is_leader()) {
        BOOST_TEST(!leader);
        leader = i;
      }
    BOOST_REQUIRE(leader);
    all[*leader].close([](error_code) {});
    sandbox.run_for(10ms);
  }
}

BOOST_AUTO_TEST_CASE(no_group_can_move_the_role) {
  auto a = in_ledger("a");
  BOOST_CHECK_THROW(sandbox.acquire(a), std::logic_error);
  BOOST_CHECK_THROW(sandbox.revoke(a), std::logic_error);
  BOOST_CHECK_THROW(sandbox.fence(a), std::logic_error);
}

BOOST_AUTO_TEST_CASE(beside_candidates_of_a_group_only_one_leads) {
  auto member = sandbox.make_candidate(named("in the group"));
  auto outsider = in_ledger("in the ledger");
  BOOST_TEST(outsider.is_leader());
  sandbox.acquire(member);
  sandbox.run_for(10s);
  BOOST_TEST((member.is_leader() != outsider.is_leader()));
  (member.is_leader() ? member : outsider).close([](error_code) {});
  sandbox.run_for(10s);
  BOOST_TEST((member.is_leader() != outsider.is_leader()));
}

BOOST_AUTO_TEST_SUITE_END()
