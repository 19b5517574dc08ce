// SPDX-License-Identifier: BSL-1.0
// When trouble and its end are told, and when a refusal is final.
#include "stores/kafka/health.hpp"

#include "stores/kafka/errors.hpp"
#include <neli/error.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace neli;
using namespace std::chrono_literals;
using stores::kafka::severity;

namespace {

struct told : stores::health_listener {
  void trouble(const std::string&, boost::system::error_code code,
               const std::string& what) override {
    said.push_back(what);
    troubled = !!code;
  }
  void failed(boost::system::error_code code, const std::string&) override { failure = code; }

  std::vector<std::string> said;
  bool troubled = false;
  boost::system::error_code failure;
};

const stores::kafka::config second{{}, {}, 1s, {}, {}};

struct fixture {
  told t;
  stores::kafka::health h{"testing", "the test",
                          std::make_shared<const stores::kafka::config>(second), t};
  const std::chrono::milliseconds believed = stores::kafka::until_believed(second);

  void refuse() { h.heard(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, nullptr); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(healths, fixture)

BOOST_AUTO_TEST_CASE(do_not_take_a_lost_connection_for_a_brokers_answer) {
  const auto of = [](const char* text) {
    return stores::kafka::severity_of(RD_KAFKA_RESP_ERR__AUTHENTICATION, text);
  };
  BOOST_TEST((of("sasl_plaintext://b:1/1: SASL PLAIN mechanism handshake failed: Local: Broker "
                 "transport failure: broker's supported mechanisms: ") == severity::passing));
  BOOST_TEST((of("Failed to acquire SASL OAUTHBEARER token: no route") == severity::passing));
  BOOST_TEST((of("Disconnected") == severity::passing));
  BOOST_TEST((of(nullptr) == severity::passing));
  BOOST_TEST((of("sasl_plaintext://b:1/1: SASL authentication error: Authentication failed: "
                 "Invalid username or password") == severity::refused));
  BOOST_TEST((of("sasl_plaintext://b:1/1: SASL PLAIN mechanism handshake failed: Broker: "
                 "Unsupported SASL mechanism: broker's supported mechanisms: SCRAM-SHA-512") ==
              severity::refused));
}

BOOST_AUTO_TEST_CASE(tell_of_trouble_once_and_of_its_end) {
  h.heard(RD_KAFKA_RESP_ERR__TRANSPORT, "one");
  h.heard(RD_KAFKA_RESP_ERR__TRANSPORT, "two");
  h.well();
  h.well();
  BOOST_TEST(t.said.size() == 2u);
  BOOST_TEST(t.said[0] == "testing does not work, trying again: the test: one (_TRANSPORT)");
  BOOST_TEST(t.said[1] == "testing works again");
}

BOOST_AUTO_TEST_CASE(tell_the_cause_instead_of_all_brokers_being_down) {
  h.heard(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "all");
  BOOST_TEST(t.said.empty());
  h.heard(RD_KAFKA_RESP_ERR__TRANSPORT, "the cause");
  h.pass(1s);
  BOOST_TEST(t.said.size() == 1u);
  BOOST_TEST(t.said[0].find("the cause") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tell_of_all_brokers_being_down_if_no_cause_is_told) {
  h.heard(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "all");
  h.pass(10ms);
  BOOST_TEST(t.said.size() == 1u);
}

BOOST_AUTO_TEST_CASE(fail_by_a_refusal_when_nothing_else_is_heard) {
  refuse();
  BOOST_TEST(t.troubled);
  h.pass(believed - 1ms);
  refuse();
  BOOST_TEST(!t.failure);
  h.pass(1ms);
  BOOST_TEST((t.failure == errc::not_authorized));
}

BOOST_AUTO_TEST_CASE(do_not_fail_by_a_refusal_before_a_success) {
  refuse();
  h.pass(believed - 1ms);
  h.well();
  h.pass(believed);
  refuse();
  h.pass(believed - 1ms);
  BOOST_TEST(!t.failure);
}

BOOST_AUTO_TEST_CASE(do_not_fail_by_a_refusal_before_another_error) {
  refuse();
  h.pass(believed - 1ms);
  h.heard(RD_KAFKA_RESP_ERR__TRANSPORT, "the broker is away");
  h.pass(believed);
  BOOST_TEST(!t.failure);
  BOOST_TEST(t.troubled);
}

BOOST_AUTO_TEST_CASE(keep_a_refusal_when_all_brokers_are_down) {
  refuse();
  h.heard(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "all");
  h.pass(believed);
  BOOST_TEST((t.failure == errc::not_authorized));
}

BOOST_AUTO_TEST_CASE(tell_what_is_awaited_when_nothing_comes) {
  std::string at = "the first step";
  h.expect(1s, [&] { return stores::kafka::health::reason{RD_KAFKA_RESP_ERR__TIMED_OUT, at}; });
  h.pass(999ms);
  BOOST_TEST(t.said.empty());
  at = "the second step";
  h.pass(1ms);
  BOOST_TEST(t.said.size() == 1u);
  BOOST_TEST(t.said[0] == "testing does not work, trying again: the test: the second step");
  h.well();
  BOOST_TEST(!t.troubled);
}

BOOST_AUTO_TEST_CASE(tell_nothing_when_what_is_awaited_comes) {
  h.expect(1s, [] { return stores::kafka::health::reason{RD_KAFKA_RESP_ERR__TIMED_OUT, "late"}; });
  h.well();
  h.pass(1min);
  BOOST_TEST(t.said.empty());
}

BOOST_AUTO_TEST_SUITE_END()
