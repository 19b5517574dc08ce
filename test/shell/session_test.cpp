// SPDX-License-Identifier: BSL-1.0
#include "support/shell_fixture.hpp"

using namespace neli;
using namespace std::chrono_literals;
using test::outcome;

namespace {

struct sessions : test::shell_fixture {
  session make(std::string name) {
    return sandbox.make_session(named(std::move(name)), {"billing", "shipping"});
  }
  session in_group(std::string name = "s") {
    return sandbox.make_session(named(std::move(name)), {"billing", "shipping"},
                                arbitration::group);
  }
  /// Makes a candidate; the first one for a role leads when this returns.
  candidate contend(session& s, const std::string& role, barrier_function b = {}) {
    auto c = s.candidate(role, std::move(b));
    sandbox.settle();
    return c;
  }
  using strings = std::vector<std::string>;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_, sessions)

BOOST_AUTO_TEST_CASE(has_candidates_for_several_roles) {
  auto s = make("s");
  auto billing = contend(s, "billing");
  auto shipping = contend(s, "shipping");
  BOOST_TEST(billing.is_leader());
  BOOST_TEST(shipping.is_leader());
  BOOST_TEST(billing.term()->role() == "billing");
  BOOST_TEST(shipping.term()->role() == "shipping");
  sandbox.run_for(10s);
  BOOST_TEST(billing.is_leader());
  BOOST_TEST(shipping.is_leader());
  BOOST_TEST(billing.leader()->name == "s");
}

BOOST_AUTO_TEST_CASE(closing_a_candidate_disturbs_no_other) {
  auto s = make("s");
  auto billing = contend(s, "billing", note("billing "));
  auto shipping = contend(s, "shipping", note("shipping "));
  const auto token = shipping.term()->token();
  auto other = make("other");
  auto standby = contend(other, "billing");
  sandbox.run_for(1s);
  outcome<> closed;
  billing.close(closed.handler());
  sandbox.run_for(10s);
  BOOST_TEST(closed.done());
  BOOST_TEST(standby.is_leader());
  BOOST_TEST(shipping.is_leader());
  BOOST_TEST(shipping.term()->token() == token);
  BOOST_TEST(told == (strings{"billing acquired", "shipping acquired", "billing revoked"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(destroying_a_candidate_disturbs_no_other) {
  auto s = make("s");
  auto shipping = contend(s, "shipping");
  const auto token = shipping.term()->token();
  auto other = make("other");
  {
    auto billing = contend(s, "billing");
    sandbox.run_for(1s);
  }
  auto standby = contend(other, "billing");
  sandbox.run_for(900ms);
  BOOST_TEST(!standby.is_leader());  // nobody has released the role
  sandbox.run_for(1s);
  BOOST_TEST(standby.is_leader());
  BOOST_TEST(shipping.term()->token() == token);
}

BOOST_AUTO_TEST_CASE(resigning_a_role_disturbs_no_other) {
  auto s = make("s");
  auto billing = contend(s, "billing");
  auto shipping = contend(s, "shipping");
  const auto token = shipping.term()->token();
  billing.resign(5s, nothing);
  sandbox.settle();
  BOOST_TEST(!billing.is_leader());
  BOOST_TEST(shipping.term()->token() == token);
}

BOOST_AUTO_TEST_CASE(a_role_has_one_candidate_at_a_time) {
  auto s = make("s");
  auto first = contend(s, "billing");
  BOOST_CHECK_EXCEPTION(s.candidate("billing"), config_error, [](const auto& e) {
    return e.field() == "role" && e.value() == "billing";
  });
  const auto token = first.term()->token();
  first.close(nothing);
  sandbox.settle();
  auto second = contend(s, "billing");
  sandbox.settle();
  BOOST_REQUIRE(second.is_leader());
  BOOST_TEST(second.term()->token() > token);
  { auto gone = std::move(second); }
  auto third = contend(s, "billing");
  sandbox.run_for(2s);
  BOOST_TEST(third.is_leader());
}

BOOST_AUTO_TEST_CASE(names_of_roles_are_checked) {
  auto s = make("s");
  const auto of_role = [](const auto& e) { return e.field() == "role"; };
  BOOST_CHECK_EXCEPTION(s.candidate(""), config_error, of_role);
  BOOST_CHECK_EXCEPTION(s.follower(std::string(256, 'x')), config_error, of_role);
}

BOOST_AUTO_TEST_CASE(follows_a_role_that_its_own_candidate_leads) {
  auto s = make("s");
  auto billing = contend(s, "billing");
  auto f = s.follower("billing");
  outcome<leader_changed> o;
  f.next(o.handler());
  sandbox.settle();
  BOOST_REQUIRE(o.done());
  BOOST_TEST(std::get<0>(*o.results).leader->token == billing.term()->token());
}

BOOST_AUTO_TEST_CASE(a_candidate_knows_who_leads_a_role_that_was_followed_before) {
  auto leads = in_ledger("leads");
  auto s = make("s");
  auto f = s.follower("leader");
  sandbox.run_for(1s);
  auto late = contend(s, "leader");
  BOOST_REQUIRE(late.leader());
  BOOST_TEST(late.leader()->name == "leads");
}

BOOST_AUTO_TEST_CASE(tells_its_metadata_for_all_roles) {
  auto s = make("s");
  auto billing = contend(s, "billing");
  auto shipping = contend(s, "shipping");
  s.update_metadata("here");
  sandbox.settle();
  BOOST_TEST(billing.leader()->metadata == "here");
  BOOST_TEST(shipping.leader()->metadata == "here");
  BOOST_CHECK_EXCEPTION(s.update_metadata(std::string(4097, 'x')), config_error,
                        [](const auto& e) { return e.field() == "metadata"; });
}

BOOST_AUTO_TEST_CASE(closes_all) {
  auto s = make("s");
  auto billing = contend(s, "billing", note("billing "));
  auto f = s.follower("shipping");
  sandbox.settle();
  outcome<> closed;
  s.close(closed.handler());
  sandbox.settle();
  BOOST_TEST(closed.done());
  BOOST_TEST((billing.state() == candidate_state::closed));
  BOOST_TEST(told == (strings{"billing acquired", "billing revoked"}),
             boost::test_tools::per_element());
  outcome<> ended;
  f.wait_closed(ended.handler());
  outcome<> again;
  s.close(again.handler());
  auto late = contend(s, "shipping");
  BOOST_TEST(ended.done());
  BOOST_TEST(again.done());
  BOOST_TEST((late.state() == candidate_state::closed));
}

BOOST_AUTO_TEST_CASE(its_handle_need_not_outlive_its_candidates) {
  std::optional<candidate> billing;
  {
    auto s = make("s");
    billing.emplace(contend(s, "billing"));
  }
  sandbox.run_for(10s);
  BOOST_TEST(billing->is_leader());
}

BOOST_AUTO_TEST_CASE(an_error_ends_all) {
  auto s = make("s");
  auto billing = contend(s, "billing", note());
  auto shipping = contend(s, "shipping");
  auto f = s.follower("shipping");
  outcome<> one;
  outcome<> other;
  outcome<> third;
  billing.wait_closed(one.handler());
  shipping.wait_closed(other.handler());
  f.wait_closed(third.handler());
  sandbox.settle();
  sandbox.fail(s, errc::not_authorized, "no right");
  for (auto* o : {&one, &other, &third}) BOOST_TEST(o->error == errc::not_authorized);
  BOOST_TEST(told == (strings{"acquired", "fenced"}), boost::test_tools::per_element());
  auto late = contend(s, "billing");
  outcome<> why;
  late.wait_closed(why.handler());
  sandbox.settle();
  BOOST_TEST(why.error == errc::not_authorized);
}

BOOST_AUTO_TEST_CASE(in_a_group_its_candidates_are_for_the_roles_of_the_group) {
  auto s = in_group();
  BOOST_CHECK_EXCEPTION(s.candidate("search"), config_error,
                        [](const auto& e) { return e.field() == "role" && e.value() == "search"; });
  auto billing = contend(s, "billing");
  auto shipping = contend(s, "shipping");
  sandbox.acquire(billing);
  BOOST_TEST(billing.is_leader());
  BOOST_TEST(!shipping.is_leader());
  sandbox.acquire(shipping);
  BOOST_TEST(shipping.is_leader());
  sandbox.revoke(billing);
  BOOST_TEST(!billing.is_leader());
  BOOST_TEST(shipping.is_leader());
}

BOOST_AUTO_TEST_CASE(in_a_group_closing_a_candidate_leaves_its_role_to_others_and_disturbs_none) {
  auto s = in_group();
  auto billing = contend(s, "billing");
  auto shipping = contend(s, "shipping", note());
  sandbox.acquire(billing);
  sandbox.acquire(shipping);
  auto others = in_group("others");
  auto standby = contend(others, "billing");
  outcome<> closed;
  billing.close(closed.handler());
  sandbox.settle();
  BOOST_TEST(closed.done());
  BOOST_TEST(standby.is_leader());
  sandbox.run_for(10s);
  BOOST_TEST(standby.is_leader());
  BOOST_TEST(told == strings{"acquired"}, boost::test_tools::per_element());
  auto again = contend(s, "billing");
  sandbox.run_for(10s);
  BOOST_TEST(standby.is_leader());
  standby.close(nothing);
  sandbox.settle();
  BOOST_TEST(again.is_leader());
}

BOOST_AUTO_TEST_CASE(in_a_group_resigning_a_role_leaves_it_to_others_and_disturbs_none) {
  auto s = in_group();
  auto billing = contend(s, "billing");
  auto shipping = contend(s, "shipping", note());
  sandbox.acquire(billing);
  sandbox.acquire(shipping);
  auto others = in_group("others");
  auto standby = contend(others, "billing");
  billing.resign(nothing);
  sandbox.settle();
  BOOST_TEST(!billing.is_leader());
  BOOST_TEST(standby.is_leader());
  sandbox.run_for(10s);
  BOOST_TEST(standby.is_leader());
  BOOST_TEST(told == strings{"acquired"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(
    in_a_group_destroying_a_candidate_leaves_its_role_to_others_and_disturbs_none) {
  auto s = in_group();
  auto shipping = contend(s, "shipping", note());
  sandbox.acquire(shipping);
  {
    auto billing = contend(s, "billing");
    sandbox.acquire(billing);
  }
  auto others = in_group("others");
  auto standby = contend(others, "billing");
  sandbox.run_for(900ms);
  BOOST_TEST(!standby.is_leader());  // nobody has released the role
  sandbox.run_for(1s);
  BOOST_TEST(standby.is_leader());
  BOOST_TEST(told == strings{"acquired"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(in_a_group_leaves_roles_without_a_candidate_to_others) {
  auto s = in_group();
  {
    auto billing = contend(s, "billing");
    auto shipping = contend(s, "shipping");
    sandbox.acquire(billing);
    sandbox.acquire(shipping);
    billing.close(nothing);
    sandbox.run_for(1min);
    auto others = in_group("others");
    auto late = contend(others, "billing");
    sandbox.run_for(300ms);
    BOOST_TEST(late.is_leader());
  }
}

BOOST_AUTO_TEST_CASE(in_a_group_joins_anew_with_the_next_candidate) {
  auto s = in_group();
  auto c = contend(s, "billing");
  sandbox.acquire(c);
  BOOST_TEST(c.is_leader());
  outcome<> closed;
  c.close(closed.handler());
  sandbox.settle();
  BOOST_TEST(closed.done());
  auto again = contend(s, "billing");
  sandbox.acquire(again);
  BOOST_TEST(again.is_leader());
}

BOOST_AUTO_TEST_CASE(in_a_group_a_candidate_that_is_destroyed_leaves_no_right_behind) {
  auto s = in_group();
  {
    auto c = contend(s, "billing");
    sandbox.acquire(c);
  }
  sandbox.run_for(5s);
  auto again = contend(s, "billing");
  sandbox.run_for(5s);
  BOOST_TEST(!again.is_leader());
  sandbox.acquire(again);
  BOOST_TEST(again.is_leader());
}

BOOST_AUTO_TEST_CASE(in_a_group_a_candidate_that_has_left_is_given_nothing) {
  auto others = in_group("others");
  auto rival = contend(others, "billing");
  sandbox.acquire(rival);
  auto s = in_group();
  auto c = contend(s, "billing");
  c.close(nothing);
  sandbox.acquire(c);  // it leaves before the rival has given the role back
  BOOST_TEST(!rival.is_leader());
  sandbox.acquire(rival);
  BOOST_TEST(rival.is_leader());
}

BOOST_AUTO_TEST_CASE(in_a_group_a_candidate_that_closes_while_the_session_leaves_closes_too) {
  auto s = in_group();
  auto first = contend(s, "billing");
  sandbox.acquire(first);
  auto second = contend(s, "shipping");
  outcome<> closed, closed_too;
  first.close(closed.handler());
  second.close(closed_too.handler());
  sandbox.settle();
  BOOST_TEST(closed.done());
  BOOST_TEST(closed_too.done());
  auto again = contend(s, "shipping");
  sandbox.acquire(again);
  BOOST_TEST(again.is_leader());
}

BOOST_AUTO_TEST_CASE(in_a_group_a_candidate_may_be_destroyed_long_after_it_should_have_ended) {
  test::gate gate{context};
  auto s = in_group();
  {
    auto c = contend(s, "billing", [&](event e) -> asio::awaitable<void> {
      if (e.as<leader_revoked>()) co_await gate.wait();
    });
    sandbox.acquire(c);
    sandbox.revoke(c);
    sandbox.jump(1min);
  }
  sandbox.settle();
  auto again = contend(s, "billing");
  sandbox.acquire(again);
  sandbox.run_for(5s);
  BOOST_TEST(again.is_leader());
}

BOOST_AUTO_TEST_SUITE_END()
