// SPDX-License-Identifier: BSL-1.0
// A name server that does not answer delays only the candidates that need the name.
#include "kafka/fixture.hpp"
#include "support/scarcity.hpp"
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

using namespace neli;
using namespace std::chrono_literals;
using test::both;
using test::slow_names;
using test::unique;
namespace asio = boost::asio;

namespace {

struct names_fixture {
  std::optional<slow_names> slow{std::in_place};
  std::optional<asio::io_context> context{std::in_place};

  static config on_brokers(const std::string& servers, const std::string& a = "ledger") {
    return {.store = kafka{.properties = {{"bootstrap.servers", servers}},
                           .arbitration = a == "group" ? arbitration::group : arbitration::ledger},
            .ledger = unique("names"),
            .lease = test::long_lease,
            .logger = no_logger()};
  }
  static config in_the_dark(const std::string& a = "ledger") {
    return on_brokers(std::string{slow_names::slow} + ":9092", a);
  }

  /// Runs until the condition holds; false after a while.
  template <class F>
  bool until(F condition) {
    return test::run_until(*context, condition, 1min);
  }
  bool until_a_name_is_looked_up() {
    return until([] { return slow_names::under_way() > 0; });
  }

  ~names_fixture() {
    slow.reset();
    if (!context) return;
    context->restart();
    context->run();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(names, names_fixture)

BOOST_DATA_TEST_CASE_F(names_fixture, a_candidate_that_waits_for_a_name_can_be_closed, both, a) {
  candidate c{context->get_executor(), in_the_dark(a)};
  BOOST_TEST_REQUIRE(until_a_name_is_looked_up());
  bool closed = false;
  c.close([&](error_code) { closed = true; });
  BOOST_TEST(until([&] { return closed; }));
  BOOST_TEST(slow_names::under_way() > 0);
}

BOOST_DATA_TEST_CASE_F(names_fixture, a_candidate_that_waits_for_a_name_can_be_destroyed, both, a) {
  std::optional<candidate> c{std::in_place, context->get_executor(), in_the_dark(a)};
  BOOST_TEST_REQUIRE(until_a_name_is_looked_up());
  c.reset();
  context->restart();
  context->poll();
  BOOST_TEST(slow_names::under_way() > 0);
}

BOOST_DATA_TEST_CASE_F(names_fixture, a_context_ends_while_a_name_is_not_known, both, a) {
  {
    candidate c{context->get_executor(), in_the_dark(a)};
    BOOST_TEST_REQUIRE(until_a_name_is_looked_up());
  }
  context.reset();
  BOOST_TEST(slow_names::under_way() > 0);
}

BOOST_AUTO_TEST_CASE(another_election_on_the_same_context_is_not_disturbed) {
  candidate leads{context->get_executor(), on_brokers(test::the_broker().servers())};
  BOOST_TEST_REQUIRE(until([&] { return leads.is_leader(); }));
  const auto token = leads.term()->token();
  for (int n = 0; n < 3; ++n) {
    follower f{context->get_executor(), in_the_dark()};
    BOOST_TEST_REQUIRE(until_a_name_is_looked_up());
  }
  BOOST_TEST(until([] { return slow_names::under_way() > 0; }));
  context->restart();
  context->run_for(1s);
  BOOST_TEST(slow_names::under_way() > 0);
  BOOST_REQUIRE(leads.is_leader());
  BOOST_TEST(leads.term()->token() == token);
}

BOOST_AUTO_TEST_SUITE_END()
