// SPDX-License-Identifier: BSL-1.0
// A member of librdkafka's tells of each assignment and waits for the answer. A member that is
// destroyed before that is heard gets no answer, and version 2.0 then waits for ever, except after
// a revocation. These tests check that destruction ends.
#include "embedded/trial.hpp"
#include "stores/kafka/leaving_member.hpp"
#include "support/comes_about.hpp"

#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <thread>

using namespace neli::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// The mock forms a group anew within this time, from any state.
constexpr auto long_enough = first_rebalance + 2 * rebalance;

/// Starts one first, as a sanitizer adds a thread of its own when the program starts its first one.
std::ptrdiff_t threads() {
  std::thread{[] {}}.join();
  return std::distance(std::filesystem::directory_iterator{"/proc/self/task"}, {});
}

/// A destruction is over when the client's threads have ended.
struct threads_end {
  const std::ptrdiff_t before = threads();
  ~threads_end() {
    const auto pass = [] { std::this_thread::sleep_for(10ms); };
    BOOST_TEST(neli::test::comes_about([&] { return threads() <= before; }, pass, 1min));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(destruction, threads_end)

BOOST_AUTO_TEST_CASE(is_not_held_up_by_a_first_assignment_that_was_not_heard) {
  hold([](contest& c) -> asio::awaitable<void> {
    c.set_assignor(neli::assignor::range);
    c.start();
    co_await c.pass(100ms);  // until they join
    contest::stand_still(long_enough);
    c.destroy_candidates();
  });
}

BOOST_AUTO_TEST_CASE(is_not_held_up_by_a_later_assignment_that_was_not_heard) {
  hold([](contest& c) -> asio::awaitable<void> {
    BOOST_TEST_REQUIRE(co_await begin(c));
    c.inject(api::heartbeat, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, 1);
    contest::stand_still(long_enough);
    c.destroy_candidates();
  });
}

BOOST_AUTO_TEST_CASE(is_not_held_up_by_a_revocation_that_was_not_heard) {
  hold([](contest& c) -> asio::awaitable<void> {
    c.set_assignor(neli::assignor::range);
    BOOST_TEST_REQUIRE(co_await begin(c));
    c.inject(api::heartbeat, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, 1);
    contest::stand_still(long_enough);
    c.destroy_candidates();
  });
}

BOOST_AUTO_TEST_CASE(is_not_held_up_by_a_good_bye_of_which_nothing_was_heard) {
  neli::testing::embedded_broker broker;
  broker.create_topic("good-bye");
  const auto config =
      std::make_shared<neli::stores::kafka::config>(neli::stores::kafka::config{broker.store()});
  config->arbitration = neli::arbitration::group;
  config->group_id = config->topic = "good-bye";
  config->lease = 3s;
  config->barrier_timeout = 5s;
  config->logger = neli::no_logger();
  asio::io_context context;
  bool assigned = false;
  std::unique_ptr<neli::stores::kafka::handle> member;
  member = std::make_unique<neli::stores::kafka::handle>(
      neli::stores::kafka::client::member, config, asio::make_strand(context.get_executor()),
      [&](rd_kafka_event_t& e) {
        const neli::stores::kafka::error_ptr ignored{
            rd_kafka_incremental_assign(member->get(), rd_kafka_event_topic_partition_list(&e))};
        assigned = true;
      });
  member->start();
  const neli::stores::kafka::partition_list topics{rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(topics.get(), config->topic.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(member->get(), topics.get());
  while (!assigned) context.run_one();
  member->stop();
  neli::stores::kafka::good_bye g;
  g.go_on(*member);
  BOOST_TEST_REQUIRE(g.said());
  contest::stand_still(100ms);
  neli::stores::kafka::leaving_member{std::move(member), g, false, true};
}

BOOST_AUTO_TEST_SUITE_END()
