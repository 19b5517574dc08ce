// SPDX-License-Identifier: BSL-1.0
// The servers of a store go away, or what they hold does.
#include "elections/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>

using namespace std::chrono_literals;
using neli::test::all_stores;
using neli::test::contest;
using neli::test::long_lease;
using neli::test::outage;
using neli::test::short_lease;

namespace {

/// Longer than the lease.
void fences_the_leader_and_a_new_term_follows(const std::string& kind, outage::kind how) {
  contest with{kind, short_lease};
  auto& candidates = with.candidates;
  with.start_a_then_b();
  const auto first = candidates.leader();
  {
    const outage away{with.store, how};
    with.why_fenced(first);
    with.until([&] { return candidates.count("TROUBLE") > candidates.count("WELL"); });
    candidates.mark();
  }
  BOOST_TEST(candidates.leader(2min).number() > first.number());
  candidates.expect("WELL", 2min);
}

/// While one leads and the other stands by.
void costs_a_term(const std::string& kind, const std::function<void(contest&)>& loss) {
  contest with{kind, short_lease};
  auto& candidates = with.candidates;
  with.start_a_then_b();
  const auto first = candidates.leader();
  candidates.mark();
  loss(with);
  BOOST_TEST(candidates.expect("LEAD", 2min).number() > first.number());
  BOOST_TEST(candidates.count("FENCED") > 0u);
  candidates.run_for(3 * short_lease);
  candidates.leader();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(outages)

BOOST_DATA_TEST_CASE(shorter_than_the_lease_do_not_disturb_the_leader, all_stores, kind) {
  contest with{kind};
  auto& candidates = with.candidates;
  const auto first = with.start_a_then_b();
  {
    const outage away{with.store};
    candidates.run_for(2s);
  }
  candidates.run_for(long_lease);
  BOOST_TEST(candidates.leader().detail == first.detail);
  BOOST_TEST(candidates.count("NOLEAD") == 0u);
  BOOST_TEST(candidates.count("ACQUIRED") == 1u);
}

BOOST_DATA_TEST_CASE(longer_than_the_lease_fence_the_leader_and_a_new_term_follows, all_stores,
                     kind) {
  for (const auto how : {outage::kind::paused, outage::kind::stopped, outage::kind::killed})
    fences_the_leader_and_a_new_term_follows(kind, how);
}

BOOST_DATA_TEST_CASE(a_ledger_that_is_deleted_costs_a_term, all_stores, kind) {
  costs_a_term(kind, [](contest& c) { c.store.remove(c.ledger); });
}

BOOST_DATA_TEST_CASE(servers_that_lose_everything_cost_a_term, all_stores, kind) {
  costs_a_term(kind, [](contest& c) { c.store.lose_everything(); });
}

BOOST_DATA_TEST_CASE(a_candidate_waits_for_servers_that_were_never_there, all_stores, kind) {
  contest with{kind, short_lease};
  auto& candidates = with.candidates;
  {
    const outage away{with.store, outage::kind::stopped};
    candidates.start("a");
    const auto told = candidates.expect_of("a", "TROUBLE").detail;
    BOOST_TEST(told.find("trying again") != std::string::npos);
    candidates.run_for(2s);
  }
  candidates.leader();
  candidates.close("a");
}

BOOST_AUTO_TEST_SUITE_END()
