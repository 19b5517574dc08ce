// SPDX-License-Identifier: BSL-1.0
// A partition without a leader, of which librdkafka tells nothing.
#include "support/comes_about.hpp"
#include <neli/neli.hpp>
#include <neli/testing/embedded_broker.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <memory>
#include <sstream>
#include <string>

using namespace neli;
using namespace std::chrono_literals;

namespace {

constexpr std::int32_t nobody = -1;
constexpr std::int32_t the_broker = 1;

struct fixture {
  fixture() {
    c.lease = 10s;  // long enough for all other answers to come
    c.logger = std::make_shared<spdlog::logger>(
        "neli", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
    c.logger->set_level(spdlog::level::info);
  }

  void lead(std::int32_t node) {
    BOOST_REQUIRE(rd_kafka_mock_partition_set_leader(broker.native_handle(), c.ledger.c_str(), 0,
                                                     node) == RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  bool says(const std::string& what) {
    const auto said = [&] { return log.str().find(what) != std::string::npos; };
    const bool came = test::run_until(context, said, 1min);
    BOOST_TEST_MESSAGE(log.str());
    return came;
  }

  asio::io_context context;
  testing::embedded_broker broker;
  std::ostringstream log;
  config c = broker.config();
};

/// The mock cluster of later versions crashes when a client goes on to fetch from a partition
/// without a leader.
boost::test_tools::assertion_result mock_bears_fetches_without_a_leader(
    boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result so{rd_kafka_version() < 0x020500ff};
  so.message() << "the mock cluster of librdkafka " << rd_kafka_version_str() << " crashes";
  return so;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(silences, fixture)

BOOST_AUTO_TEST_CASE(of_a_partition_that_has_no_leader_at_the_start_is_told) {
  lead(nobody);
  const candidate a{context.get_executor(), c};
  BOOST_TEST(
      says("[warning] neli: reading the ledger does not work, trying again: the leader topic"));
  BOOST_TEST(says("looking for the leader of its partition 0: Broker: Leader not available"));
  lead(the_broker);
  BOOST_TEST(says("reading the ledger works again"));
  BOOST_TEST(says("acquired leader"));
}

BOOST_AUTO_TEST_CASE(of_a_partition_that_loses_its_leader_while_nobody_leads_is_told,
                     *boost::unit_test::precondition(mock_bears_fetches_without_a_leader)) {
  const follower f{context.get_executor(), c};
  context.run_for(3s);
  BOOST_TEST(log.str().find("does not work") == std::string::npos, log.str());
  lead(nobody);
  BOOST_TEST(
      says("[warning] neli: reading the ledger does not work, trying again: the leader topic"));
  lead(the_broker);
  BOOST_TEST(says("reading the ledger works again"));
}

BOOST_AUTO_TEST_SUITE_END()
