// SPDX-License-Identifier: BSL-1.0
// What a candidate tells of itself: above all, why it does not lead.
#include "core/record.hpp"
#include "support/shell_fixture.hpp"

#include <boost/asio/this_coro.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

using namespace neli;
using namespace std::chrono_literals;
using test::outcome;

namespace neli {
static std::ostream& boost_test_print_type(std::ostream& to, hindrance h) {
  return to << to_string(h);
}
}  // namespace neli

namespace {

struct asking : test::shell_fixture {
  test::gate gate{context};

  barrier_function wait_when(bool (*so)(const event&)) {
    return [this, so](event e) -> asio::awaitable<void> {
      if (so(e)) co_await gate.wait();
    };
  }
  static hindrance why_not(const candidate& c) { return c.status().hindrance; }
};

bool is_acquired(const event& e) { return e.as<leader_acquired>() != nullptr; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(statuses, asking)

BOOST_AUTO_TEST_CASE(a_leader_tells_its_term_its_lease_and_its_round_trip) {
  auto c = in_ledger("ann");
  BOOST_TEST(why_not(c) == hindrance::none);
  BOOST_TEST(c.status().token == c.term()->token());
  BOOST_TEST((c.status().lease_left == 1000ms));
  BOOST_TEST(!c.status().heartbeats.round_trip);
  sandbox.delay(c, 20ms);
  sandbox.run_for(300ms);
  BOOST_TEST((c.status().heartbeats.round_trip == 40ms));  // to the ledger, and back
  BOOST_TEST((c.status().lease_left == c.term()->deadline() - sandbox.now()));
  BOOST_TEST(!c.status().behind_since);
  BOOST_TEST(!c.status().trouble.code);
}

BOOST_AUTO_TEST_CASE(a_standby_tells_that_another_leads) {
  auto a = in_ledger("ann"), b = in_ledger("bob");
  BOOST_TEST(why_not(b) == hindrance::another_leads);
  BOOST_TEST(b.status().token == 0);
  BOOST_TEST((b.status().lease_left == 0ms));
}

BOOST_AUTO_TEST_CASE(a_leader_whose_lease_has_just_passed_does_not_lead) {
  auto c = in_ledger("ann");
  sandbox.jump(2s);
  BOOST_TEST(why_not(c) == hindrance::lease);
  BOOST_TEST(c.status().token == 0);
}

BOOST_AUTO_TEST_CASE(a_member_without_the_role_tells_so) {
  auto c = sandbox.make_candidate(quiet());
  BOOST_TEST(why_not(c) == hindrance::not_owner);
}

BOOST_AUTO_TEST_CASE(a_barrier_that_runs_is_told) {
  auto c = in_ledger("ann", wait_when(is_acquired));
  BOOST_TEST(why_not(c) == hindrance::barrier);
  gate.open();
  sandbox.settle();
  BOOST_TEST(why_not(c) == hindrance::none);
}

BOOST_AUTO_TEST_CASE(a_candidate_that_resigns_releases_and_stands_back) {
  auto c = in_ledger("ann");
  sandbox.delay(c, 100ms);
  c.resign(1h, nothing);
  sandbox.settle();
  BOOST_TEST(why_not(c) == hindrance::releasing);
  sandbox.run_for(1s);
  BOOST_TEST(why_not(c) == hindrance::stands_back);
}

BOOST_AUTO_TEST_CASE(a_claim_under_way_is_told) {
  auto a = in_ledger("ann"), b = in_ledger("bob");
  sandbox.delay(b, 100ms);
  outcome<> closed;
  a.close(closed.handler());
  sandbox.run_for(150ms);
  BOOST_TEST(why_not(b) == hindrance::claiming);
  sandbox.run_for(200ms);
  BOOST_TEST(why_not(b) == hindrance::none);
  BOOST_TEST(why_not(a) == hindrance::closing);
}

BOOST_AUTO_TEST_CASE(on_an_empty_ledger_its_time_and_a_lease_are_waited_for) {
  auto s = sandbox.make_session(quiet());
  auto c = s.candidate("unheard of");
  sandbox.delay(s, 100ms);
  sandbox.run_for(150ms);
  BOOST_TEST(why_not(c) == hindrance::no_time);
  sandbox.run_for(100ms);
  BOOST_TEST(why_not(c) == hindrance::lease);
  sandbox.run_for(1500ms);
  BOOST_TEST(why_not(c) == hindrance::none);
}

BOOST_AUTO_TEST_CASE(a_ledger_that_cannot_be_read_is_told_and_so_is_its_trouble) {
  auto c = in_ledger("ann");
  sandbox.partition(c);
  sandbox.lose_ledger();
  BOOST_TEST(why_not(c) == hindrance::none);  // it does not know yet
  sandbox.delay(c, 100ms);
  sandbox.heal(c);
  BOOST_TEST(why_not(c) == hindrance::not_synced);
  BOOST_TEST((c.status().behind_since == sandbox.now()));
  const auto code = make_error_code(errc::not_authorized);
  sandbox.trouble(c, code, "no way");
  BOOST_TEST(why_not(c) == hindrance::store);
  BOOST_REQUIRE(c.status().trouble.code);
  BOOST_TEST(c.status().trouble.what == "no way");
  sandbox.trouble(c, {}, "well again");
  BOOST_TEST(!c.status().trouble.code);
  BOOST_TEST(why_not(c) == hindrance::not_synced);
}

BOOST_AUTO_TEST_CASE(a_candidate_that_reads_again_is_behind) {
  auto a = in_ledger("ann"), b = in_ledger("bob");
  sandbox.delay(b, 100ms);
  core::heartbeat stray{{"x", "x", "", 1000ms}, 1, 0, {{"elsewhere", 1, {}}}, {}};
  stray.seen = 4711;  // of another log
  sandbox.append(core::encode(stray));
  sandbox.run_for(100ms);
  BOOST_TEST(why_not(b) == hindrance::behind);
  BOOST_TEST((b.status().behind_since == sandbox.now()));
  sandbox.run_for(200ms);
  BOOST_TEST(why_not(b) == hindrance::another_leads);
}

BOOST_AUTO_TEST_CASE(work_that_was_given_up_is_told_until_its_lease_has_passed) {
  auto c = quiet();
  c.barrier_timeout = 100ms;
  auto deaf = sandbox.make_candidate(c, [this](event e) -> asio::awaitable<void> {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    if (e.as<leader_fenced>()) co_await gate.wait();
  });
  sandbox.acquire(deaf);
  sandbox.fence(deaf);
  BOOST_TEST(why_not(deaf) == hindrance::barrier);
  sandbox.run_for(250ms);
  sandbox.acquire(deaf);
  BOOST_TEST(why_not(deaf) == hindrance::abandoned_work);
  sandbox.run_for(1s);
  BOOST_TEST(why_not(deaf) == hindrance::none);
  gate.open();
}

BOOST_AUTO_TEST_CASE(a_session_tells_what_concerns_all_of_its_candidates) {
  auto s = sandbox.make_session(quiet(), {"billing"});
  BOOST_TEST((s.status().state == candidate_state::live));
  auto c = s.candidate("billing");
  sandbox.run_for(300ms);
  BOOST_TEST((s.status().heartbeats == c.heartbeats()));
  BOOST_TEST(s.status().heartbeats.round_trip.has_value());
  sandbox.trouble(s, make_error_code(errc::not_authorized), "no way");
  BOOST_TEST(s.status().trouble.what == "no way");
  outcome<> closed;
  s.close(closed.handler());
  sandbox.run_for(1s);
  BOOST_TEST((s.status().state == candidate_state::closed));
}

BOOST_AUTO_TEST_CASE(each_change_is_logged_at_debug) {
  std::ostringstream log;
  auto c = quiet();
  c.logger =
      std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
  c.logger->set_level(spdlog::level::debug);
  auto leader = sandbox.make_contender(c);
  BOOST_TEST(log.str().find("leader: its claim is on its way through the ledger") !=
             std::string::npos);
  BOOST_TEST(log.str().find("leader: it leads") != std::string::npos, log.str());
}

BOOST_AUTO_TEST_CASE(each_hindrance_has_a_word_and_a_sentence) {
  for (int h = 0; h <= static_cast<int>(hindrance::closing); ++h) {
    BOOST_TEST(to_string(static_cast<hindrance>(h)) != "?");
    BOOST_TEST(sentence(static_cast<hindrance>(h)) != "?");
  }
  BOOST_TEST(to_string(static_cast<hindrance>(99)) == "?");
}

BOOST_AUTO_TEST_SUITE_END()
