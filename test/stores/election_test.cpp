// SPDX-License-Identifier: BSL-1.0
// Elections of real candidates over real servers.
#include "stores/etcd_fixture.hpp"
#include "support/comes_about.hpp"
#include <neli/neli.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

namespace neli::test {

BOOST_AUTO_TEST_SUITE(elections)

BOOST_AUTO_TEST_CASE(over_etcd_a_leader_that_leaves_or_crashes_is_followed_by_another) {
  asio::io_context context;
  const auto key = unique_key();
  const auto make = [&](const std::string& name) {
    return std::make_unique<candidate>(
        context.get_executor(), config{.store = neli::etcd{.endpoints = {the_etcd().address()}},
                                       .ledger = key,
                                       .name = name,
                                       .lease = 1s,
                                       .logger = no_logger()});
  };
  const auto leads = [&](const candidate& c) {
    BOOST_REQUIRE_MESSAGE(run_until(context, [&] { return c.is_leader(); }), "it does not lead");
    return c.term()->token();
  };
  auto a = make("a");
  const auto first = leads(*a);
  auto b = make("b");
  BOOST_REQUIRE(run_until(context, [&] { return b->leader().has_value(); }));
  BOOST_TEST(b->leader()->name == "a");

  bool closed = false;
  a->close([&](error_code) { closed = true; });
  const auto second = leads(*b);
  BOOST_TEST(second > first);
  BOOST_TEST(run_until(context, [&] { return closed; }));

  auto c = make("c");
  BOOST_REQUIRE(run_until(context, [&] { return c->leader().has_value(); }));
  b.reset();  // as if its process had crashed
  BOOST_TEST(leads(*c) > second);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
