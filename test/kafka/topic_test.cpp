// SPDX-License-Identifier: BSL-1.0
// What the leader topic is made with, and what of it is warned of or refused.
#include "kafka/fixture.hpp"
#include "kafka/outcome.hpp"
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <librdkafka/rdkafka.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

using namespace neli;
using namespace std::chrono_literals;
using test::outcome_of;
using test::the_broker;
using test::unique;

namespace {

config on(const std::string& topic, const std::shared_ptr<spdlog::logger>& log = no_logger()) {
  return {.kafka = {{"bootstrap.servers", the_broker().servers()}},
          .leader_topic = topic,
          .lease = test::short_lease,
          .logger = log};
}

void create(const std::string& topic, const std::string& setting) {
  the_broker().tool({"TopicCommand", "--create", "--topic", topic, "--config", setting});
}

/// A producer that is no candidate's.
class stranger {
 public:
  explicit stranger(const std::map<std::string, std::string>& properties = {}) {
    auto* conf = rd_kafka_conf_new();
    char text[512];
    rd_kafka_conf_set(conf, "bootstrap.servers", the_broker().servers().c_str(), text, sizeof text);
    for (const auto& [key, value] : properties)
      rd_kafka_conf_set(conf, key.c_str(), value.c_str(), text, sizeof text);
    rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* m, void*) {
      *static_cast<rd_kafka_resp_err_t*>(m->_private) = m->err;
    });
    client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text));
    BOOST_REQUIRE(client_);
  }

  /// Appends to partition 0; what comes of it.
  rd_kafka_resp_err_t append(const std::string& topic, std::int64_t timestamp_ms = 0) {
    auto outcome = RD_KAFKA_RESP_ERR__TIMED_OUT;
    rd_kafka_producev(client_.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0),
                      RD_KAFKA_V_VALUE(const_cast<char*>("x"), 1),
                      RD_KAFKA_V_TIMESTAMP(timestamp_ms), RD_KAFKA_V_OPAQUE(&outcome),
                      RD_KAFKA_V_END);
    BOOST_TEST(rd_kafka_flush(client_.get(), 60'000) == 0);
    return outcome;
  }

  void begin_transaction() {
    BOOST_REQUIRE(!rd_kafka_init_transactions(client_.get(), 60'000));
    BOOST_REQUIRE(!rd_kafka_begin_transaction(client_.get()));
  }

 private:
  struct deleter {
    void operator()(rd_kafka_t* k) const { rd_kafka_destroy(k); }
  };
  std::unique_ptr<rd_kafka_t, deleter> client_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(topics)

BOOST_AUTO_TEST_CASE(one_that_neli_makes_does_not_heed_the_time_of_day_of_who_appends) {
  const auto topic = unique("leader");
  BOOST_TEST_REQUIRE(!outcome_of(on(topic)));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = [](auto t) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(t).count();
  };
  stranger s;
  BOOST_TEST(s.append(topic, ms(now + 2h)) == RD_KAFKA_RESP_ERR_NO_ERROR);
  BOOST_TEST(s.append(topic, ms(now - 72h)) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

BOOST_AUTO_TEST_CASE(one_with_the_time_of_day_of_who_appends_is_warned_of) {
  const auto topic = unique("leader");
  create(topic, "message.timestamp.type=CreateTime");
  std::ostringstream log;
  BOOST_TEST(
      !outcome_of(on(topic, std::make_shared<spdlog::logger>(
                                "neli", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)))));
  BOOST_TEST(
      log.str().find("'" + topic + "': message.timestamp.type = CreateTime") != std::string::npos,
      log.str());
}

BOOST_AUTO_TEST_CASE(one_that_is_compacted_is_refused) {
  for (const std::string policy : {"compact", "compact,delete"}) {
    const auto topic = unique("leader");
    create(topic, "cleanup.policy=" + policy);
    const auto e = outcome_of(on(topic));
    BOOST_TEST((e == errc::unusable_topic), e.message());
    BOOST_TEST(e.message().find("the leader topic '" + topic + "': cleanup.policy = " + policy +
                                ": must not contain compact") != std::string::npos,
               e.message());
  }
}

BOOST_AUTO_TEST_CASE(one_with_a_foreign_transaction_that_hangs_is_read_to_its_end) {
  const auto topic = unique("leader");
  create(topic, "message.timestamp.type=LogAppendTime");
  stranger s{{{"transactional.id", topic}}};
  s.begin_transaction();
  BOOST_TEST_REQUIRE(s.append(topic) == RD_KAFKA_RESP_ERR_NO_ERROR);

  asio::io_context context;
  candidate leads{context.get_executor(), on(topic)};
  std::optional<follower> newcomer;
  std::optional<leader_changed> told;
  leads.pulse(1min, [&](error_code e, bool yes) {
    BOOST_TEST(!e, e.message());
    BOOST_TEST(yes);
    newcomer.emplace(context.get_executor(), on(topic));
    newcomer->next([&](error_code error, leader_changed first) {
      BOOST_TEST(!error, error.message());
      told = std::move(first);
      context.stop();
    });
  });
  context.run_for(2min);
  BOOST_TEST_REQUIRE(told.has_value());
  BOOST_TEST(told->leader.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
