// SPDX-License-Identifier: BSL-1.0
// The leader topic is deleted and made anew: how a process knows that it is another topic.
#include "kafka/fixture.hpp"
#include "kafka/stranger.hpp"
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <librdkafka/rdkafka.h>

#include <signal.h>

#include <chrono>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

using namespace neli;
using namespace std::chrono_literals;
using test::kafka_fixture;
using test::stranger;
using test::the_broker;
using test::unique;
namespace asio = boost::asio;

namespace {

void make(const std::string& topic) {
  the_broker().tool({"TopicCommand", "--create", "--topic", topic, "--config",
                     "message.timestamp.type=LogAppendTime"});
}

void make_anew(const std::string& topic) {
  the_broker().tool({"TopicCommand", "--delete", "--topic", topic});
  make(topic);
}

/// The topic's id, as Kafka's own tool prints it.
std::string id_of(const std::string& topic) {
  const auto said = the_broker().tool({"TopicCommand", "--describe", "--topic", topic});
  std::smatch found;
  BOOST_REQUIRE_MESSAGE(std::regex_search(said, found, std::regex{"TopicId: (\\S+)"}), said);
  return found[1];
}

boost::test_tools::assertion_result librdkafka_tells_ids(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result so{RD_KAFKA_VERSION >= 0x020300ff};
  so.message() << "librdkafka " << rd_kafka_version_str() << " tells no topic's id, 2.3 does";
  return so;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recreations)

BOOST_AUTO_TEST_CASE(each_reading_is_named_by_the_topics_id,
                     *boost::unit_test::precondition(librdkafka_tells_ids)) {
  const auto topic = unique("leader");
  make(topic);
  const auto first = id_of(topic);
  std::vector<std::string> names;
  asio::io_context context;
  follower f{context.get_executor(),
             {.store = kafka{{{"bootstrap.servers", the_broker().servers()}}},
              .ledger = topic,
              .lease = test::short_lease,
              .logger = no_logger(),
              .observer = make_tracer([&](std::string_view line) {
                const auto in = boost::json::parse(line).at("in");
                if (in.at("what") == "reading")
                  names.emplace_back(in.at("log").as_string().c_str());
              })}};
  const auto named = [&](const std::string& id) {
    const auto so = [&] { return !names.empty() && names.back() == id; };
    test::run_until(context, so, 1min);
    BOOST_TEST_REQUIRE(!names.empty());
    BOOST_TEST(names.back() == id);
  };
  named(first);
  make_anew(topic);
  const auto second = id_of(topic);
  BOOST_TEST(second != first);
  named(second);
}

/// Nothing tells the standby that the topic is another one: no other candidate is left, and its
/// position exists in the new topic as well.
BOOST_AUTO_TEST_CASE(a_standby_that_was_paused_meanwhile_begins_anew) {
  kafka_fixture with{"ledger", test::short_lease};
  auto& candidates = with.candidates;
  with.start_a_then_b();
  candidates.signal("b", SIGSTOP);
  candidates.kill("a");
  candidates.run_for(3 * test::short_lease);
  make_anew(with.topic);
  stranger writes;
  for (int n = 0; n < 500; ++n)  // many more than a has written
    BOOST_TEST_REQUIRE(writes.append(with.topic) == RD_KAFKA_RESP_ERR_NO_ERROR);
  candidates.signal("b", SIGCONT);
  candidates.expect_of("b", "LEADER", "none unclaimed");
  candidates.expect_of("b", "LEAD");
}

BOOST_AUTO_TEST_SUITE_END()
