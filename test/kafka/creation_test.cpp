// SPDX-License-Identifier: BSL-1.0
// Some brokers make topics that clients ask for. No client of neli's asks in that way: only
// `create_topic` makes the leader topic, with its settings.
#include "kafka/fixture.hpp"
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <librdkafka/rdkafka.h>

#include <string>
#include <thread>

using namespace neli;
using namespace std::chrono_literals;
using test::both;
using test::broker;
using test::unique;
namespace asio = boost::asio;

namespace {

broker& obliging_broker() {
  static broker b{[] {
    auto options = test::in_a_hurry;
    options.insert(options.end(), {"--property", "auto.create.topics.enable=true"});
    return options;
  }()};
  return b;
}

/// Asks by a consumer, whose question does not make the topic.
bool exists(const std::string& topic) {
  char text[512];
  auto* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", obliging_broker().servers().c_str(), text,
                    sizeof text);
  auto* k = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
  BOOST_REQUIRE(k);
  auto* asked = rd_kafka_topic_new(k, topic.c_str(), nullptr);
  const rd_kafka_metadata_t* m = nullptr;
  const auto e = rd_kafka_metadata(k, 0, asked, &m, 60'000);
  BOOST_REQUIRE(e == RD_KAFKA_RESP_ERR_NO_ERROR);
  BOOST_REQUIRE(m->topic_cnt == 1);
  const bool there = m->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_metadata_destroy(m);
  rd_kafka_topic_destroy(asked);
  rd_kafka_destroy(k);
  return there;
}

config on(const std::string& topic, arbitration a) {
  return {.store = kafka{.properties = {{"bootstrap.servers", obliging_broker().servers()}},
                         .create_topic = false,
                         .arbitration = a},
          .ledger = topic,
          .lease = test::short_lease,
          .logger = no_logger()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(creation)

BOOST_DATA_TEST_CASE(a_topic_that_was_deleted_does_not_come_back, both, a) {
  const auto topic = unique("deleted");
  obliging_broker().tool({"TopicCommand", "--create", "--topic", topic});
  asio::io_context context;
  candidate c{context.get_executor(),
              on(topic, std::string{a} == "group" ? arbitration::group : arbitration::ledger)};
  bool led = false;
  c.pulse(1min, [&](error_code, bool yes) {
    led = yes;
    context.stop();
  });
  context.run();
  BOOST_TEST_REQUIRE(led);

  std::thread deletes{[&] {
    obliging_broker().tool({"TopicCommand", "--delete", "--topic", topic});
  }};
  error_code ended;
  bool over = false;
  c.wait_closed([&](error_code e) {
    ended = e;
    over = true;
    context.stop();
  });
  context.restart();
  context.run_for(3min);  // Kafka's tool takes its time
  deletes.join();
  BOOST_TEST(over);
  BOOST_TEST((ended == errc::no_ledger), ended.message());
  BOOST_TEST(!exists(topic));
}

BOOST_AUTO_TEST_CASE(a_topic_that_is_absent_is_not_made_without_create_topic) {
  const auto topic = unique("made");
  asio::io_context context;
  candidate c{context.get_executor(), on(topic, arbitration::ledger)};
  error_code ended;
  c.wait_closed([&](error_code e) {
    ended = e;
    context.stop();
  });
  context.run_for(1min);
  BOOST_TEST((ended == errc::no_ledger), ended.message());
  BOOST_TEST(!exists(topic));
}

BOOST_AUTO_TEST_SUITE_END()
