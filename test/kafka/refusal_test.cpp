// SPDX-License-Identifier: BSL-1.0
// A refusal by Kafka ends a candidate with Kafka's text; foreign records in the topic do not end
// it.
#include "kafka/fixture.hpp"
#include "kafka/outcome.hpp"
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <librdkafka/rdkafka.h>

#include <memory>
#include <optional>

using namespace neli;
using namespace std::chrono_literals;
using test::broker;
using test::kafka_fixture;
using test::outcome_of;
using test::unique;

namespace {

kafka login(const broker& b, const std::string& user, const std::string& password) {
  return {{{"bootstrap.servers", b.servers()},
           {"security.protocol", "sasl_plaintext"},
           {"sasl.mechanism", "PLAIN"},
           {"sasl.username", user},
           {"sasl.password", password}}};
}
kafka login(const broker& b, const std::string& user) { return login(b, user, user + "-secret"); }

config as(const broker& b, const std::string& user) {
  return {.store = login(b, user),
          .ledger = unique("leader"),
          .lease = test::short_lease,
          .logger = no_logger()};
}

void contains(const error_code& e, const std::string& part) {
  BOOST_TEST(e.message().find(part) != std::string::npos, e.message());
}

broker& secure_broker() {
  static broker b{{"--secure", "--property", "group.initial.rebalance.delay.ms=0"}};
  return b;
}

/// Appends values to partition 0.
void write(const std::string& servers, const std::string& topic,
           const std::vector<std::string>& values) {
  char text[512];
  auto* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", servers.c_str(), text, sizeof text);
  rd_kafka_conf_set(conf, "message.max.bytes", "2000000", text, sizeof text);
  auto* k = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
  BOOST_REQUIRE(k);
  for (const auto& v : values)
    rd_kafka_producev(k, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0),
                      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                      RD_KAFKA_V_VALUE(const_cast<char*>(v.data()), v.size()), RD_KAFKA_V_END);
  BOOST_TEST(rd_kafka_flush(k, 60'000) == 0);
  rd_kafka_destroy(k);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(a_missing_topic_that_may_not_be_created) {
  config c{.store = kafka{.properties = {{"bootstrap.servers", test::the_broker().servers()}},
                          .create_topic = false},
           .ledger = unique("absent"),
           .logger = no_logger()};
  const auto e = outcome_of(c);
  BOOST_TEST((e == errc::no_ledger));
  contains(e, "'" + c.ledger + "' does not exist, and create_topic is false");
}

BOOST_AUTO_TEST_CASE(a_user_with_all_rights_is_not_refused) {
  BOOST_TEST(!outcome_of(as(secure_broker(), "admin")));
}

BOOST_AUTO_TEST_CASE(a_user_without_rights) {
  const auto e = outcome_of(as(secure_broker(), "guest"));
  BOOST_TEST((e == errc::not_authorized || e == errc::no_ledger));
  contains(e, "authorization failed");
}

BOOST_AUTO_TEST_CASE(a_user_without_rights_on_the_group) {
  auto c = as(secure_broker(), "admin");
  const auto in_group = [&](kafka k) {
    k.arbitration = arbitration::group;
    k.group_id = c.ledger;
    return k;
  };
  c.store = in_group(login(secure_broker(), "admin"));
  BOOST_TEST(!outcome_of(c));  // makes the topic
  secure_broker().tool({"AclCommand", "--add", "--allow-principal", "User:guest", "--operation",
                        "All", "--topic", c.ledger});
  c.store = in_group(login(secure_broker(), "guest"));
  const auto e = outcome_of(c);
  BOOST_TEST((e == errc::not_authorized));
  contains(e, "Group authorization failed");
  contains(e, "'" + c.ledger + "'");
}

BOOST_AUTO_TEST_CASE(a_follower_with_no_right_but_to_read_the_topic_is_not_refused) {
  auto c = as(secure_broker(), "admin");
  c.lease = test::long_lease;
  secure_broker().tool({"AclCommand", "--add", "--allow-principal", "User:guest", "--operation",
                        "Read", "--topic", c.ledger});
  asio::io_context context;
  candidate leads{context.get_executor(), c};
  leads.pulse(1min, [&](error_code e, bool yes) {
    BOOST_TEST(!e);
    BOOST_TEST(yes);
    context.stop();
  });
  context.run();
  c.store = login(secure_broker(), "guest");
  follower f{context.get_executor(), c};
  std::optional<leader_changed> told;
  f.next([&](error_code e, leader_changed now) {
    BOOST_TEST(!e, e.message());
    told = std::move(now);
    context.stop();
  });
  context.restart();
  context.run_for(1min);
  BOOST_REQUIRE((told && told->leader));
  BOOST_REQUIRE(leads.is_leader());
  BOOST_TEST(told->leader->token == leads.term()->token());
}

BOOST_AUTO_TEST_CASE(wrong_credentials) {
  auto c = as(secure_broker(), "admin");
  c.store = login(secure_broker(), "admin", "a wrong guess");
  const auto e = outcome_of(c);
  BOOST_TEST((e == errc::not_authorized));
  contains(e, "uthentication");
  BOOST_TEST(e.message().find("a wrong guess") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_session_shorter_than_the_broker_allows) {
  config c{.store = kafka{.properties = {{"bootstrap.servers", test::the_broker().servers()}},
                          .arbitration = arbitration::group,
                          .session_timeout = 900ms},
           .ledger = unique("leader"),
           .logger = no_logger()};
  const auto e = outcome_of(c);
  contains(e, "session timeout");
}

BOOST_FIXTURE_TEST_CASE(foreign_records_change_nothing, kafka_fixture) {
  const auto first = start_a_then_b();
  // Until a has written a heartbeat, a new reader would believe a forged release.
  candidates.run_for(neli::test::long_lease / 2);
  write(
      kafka.servers(), topic,
      {"", "garbage", "{", "null", "[]", std::string(900'000, '['), std::string("\0\xff\xfe", 3),
       "1b4e28ba-2fa1-11d2-883f-0016d3cca427",  // goNELI's
       R"({"v":2,"kind":"claim","role":"leader","id":"x","term":99999999999999})",
       R"({"v":1,"kind":"claim","role":"leader","id":"x","name":"","metadata":"","lease_ms":1,"term":-1,"based_on":1})",
       R"({"v":1,"kind":"release","role":"leader","id":"x","term":9007199254740991,"based_on":0})",
       R"({"v":1,"kind":"heartbeat","id":"x","name":"","metadata":"","lease_ms":1000,"seq":1,"based_on":0,"terms":{"other":9}})"});
  candidates.run_for(3s);
  candidates.start("c");  // reads all of it
  candidates.expect_of("c", "LEADER");
  candidates.run_for(1s);
  BOOST_TEST(candidates.leader().detail == first.detail);
  BOOST_TEST(candidates.count("ACQUIRED") == 1u);
  candidates.close("a");
  candidates.expect("LEAD");
}

BOOST_AUTO_TEST_SUITE_END()
