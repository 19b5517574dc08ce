// SPDX-License-Identifier: BSL-1.0
#include "stores/consul_election.hpp"

#include "stores/consul_stand_in.hpp"
#include "support/comes_about.hpp"
#include <neli/neli.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>

namespace neli::test {

void check_election(asio::io_context& context, const neli::consul& store, const std::string& key) {
  const auto make = [&](const std::string& name) {
    return std::make_unique<candidate>(
        context.get_executor(),
        config{.store = store, .ledger = key, .name = name, .lease = 1s, .logger = no_logger()});
  };
  const auto leads = [&](const candidate& c) {
    BOOST_REQUIRE_MESSAGE(run_until(context, [&] { return c.is_leader(); }), "it does not lead");
    return c.term()->token();
  };
  follower early{context.get_executor(),
                 config{.store = store, .ledger = key, .lease = 1s, .logger = no_logger()}};
  auto a = make("a");
  const auto first = leads(*a);
  auto b = make("b");
  BOOST_REQUIRE(run_until(context, [&] { return b->leader().has_value(); }));
  BOOST_TEST(b->leader()->name == "a");

  BOOST_TEST(run_until(context, [&] { return early.leader() && early.leader()->name == "a"; }));

  bool closed = false;
  a->close([&](error_code) { closed = true; });
  const auto second = leads(*b);
  BOOST_TEST(second > first);
  BOOST_TEST(run_until(context, [&] { return closed; }));

  auto c = make("c");
  BOOST_REQUIRE(run_until(context, [&] { return c->leader().has_value(); }));
  b.reset();
  BOOST_TEST(leads(*c) > second);
  BOOST_TEST(run_until(context, [&] { return early.leader() && early.leader()->name == "c"; }));
}

BOOST_AUTO_TEST_SUITE(consul)

BOOST_AUTO_TEST_CASE(over_the_stand_in_a_leader_that_leaves_or_crashes_is_followed_by_another) {
  asio::io_context context;
  consul_stand_in stand_in{context};
  check_election(context, neli::consul{.addresses = {stand_in.server.address()}}, "my-app/leader");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
