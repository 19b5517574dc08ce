// SPDX-License-Identifier: BSL-1.0
// The settings with which the leader topic is made, and the settings that are warned of or refused.
#include "kafka/fixture.hpp"
#include "kafka/outcome.hpp"
#include "kafka/stranger.hpp"
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <librdkafka/rdkafka.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

using namespace neli;
using namespace std::chrono_literals;
using test::outcome_of;
using test::stranger;
using test::the_broker;
using test::unique;

namespace {

config on(const std::string& topic, const std::shared_ptr<spdlog::logger>& log = no_logger()) {
  return {.store = kafka{{{"bootstrap.servers", the_broker().servers()}}},
          .ledger = topic,
          .lease = test::short_lease,
          .logger = log};
}

void create(const std::string& topic, const std::string& setting) {
  the_broker().tool({"TopicCommand", "--create", "--topic", topic, "--config", setting});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(topics)

BOOST_AUTO_TEST_CASE(made_by_neli_ignore_the_clock_of_the_machine_that_appends) {
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

BOOST_AUTO_TEST_CASE(with_the_time_of_the_machine_that_appends_are_warned_of) {
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

BOOST_AUTO_TEST_CASE(that_are_compacted_are_refused) {
  for (const std::string policy : {"compact", "compact,delete"}) {
    const auto topic = unique("leader");
    create(topic, "cleanup.policy=" + policy);
    const auto e = outcome_of(on(topic));
    BOOST_TEST((e == errc::unusable_ledger), e.message());
    BOOST_TEST(e.message().find("the leader topic '" + topic + "': cleanup.policy = " + policy +
                                ": must not contain compact") != std::string::npos,
               e.message());
  }
}

BOOST_AUTO_TEST_CASE(with_a_foreign_transaction_that_hangs_are_read_to_the_end) {
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
