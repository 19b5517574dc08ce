// SPDX-License-Identifier: BSL-1.0
// After each error that brokers can answer with, one at a time, a candidate leads again. A refusal
// that lasts ends the candidate with an error instead.
#include "embedded/trial.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

using namespace neli::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// When brokers begin to answer with the error.
enum class moment {
  starting,   ///< before the candidates' first request
  leading,    ///< one of them leads
  rejoining,  ///< one of them leads, and the group makes them join anew
  leaving,    ///< the leader is being closed
};

/// A request and the errors with which it may be answered.
struct answers {
  api request;
  std::vector<moment> when;
  std::vector<rd_kafka_resp_err_t> recovers;
  std::vector<rd_kafka_resp_err_t> refuses = {};
};

/// The connection ends instead of an answer.
constexpr auto cut_off = RD_KAFKA_RESP_ERR__TRANSPORT;

// librdkafka does not report some refusals of rights but tries again, so these recover. A broker
// that really refuses the rights also refuses other requests, and librdkafka reports those.
const std::vector<answers> table{
    {api::find_coordinator,
     {moment::starting, moment::rejoining},
     {cut_off, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_UNKNOWN},
     {RD_KAFKA_RESP_ERR_INVALID_GROUP_ID, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED}},
    {api::join_group,
     {moment::starting, moment::rejoining},
     {cut_off, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
      RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
      RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED,
      RD_KAFKA_RESP_ERR_UNKNOWN},
     {RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL, RD_KAFKA_RESP_ERR_INVALID_GROUP_ID,
      RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED}},
    {api::sync_group,
     {moment::starting, moment::rejoining},
     {cut_off, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
      RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
      RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL,
      RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_UNKNOWN}},
    {api::heartbeat,
     {moment::leading},
     {cut_off, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
      RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
      RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_UNKNOWN}},
    {api::leave_group,
     {moment::leaving},
     {cut_off, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
      RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_UNKNOWN}},
    {api::init_producer_id,
     {moment::starting},
     {cut_off, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
      RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_UNKNOWN},
     {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED}},
    {api::produce,
     {moment::starting, moment::leading},
     {cut_off, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
      RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
      RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
      RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_INVALID_RECORD,
      RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS, RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
      RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT,
      RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER,
      RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
      RD_KAFKA_RESP_ERR_UNKNOWN},
     {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED}},
    {api::fetch,
     {moment::starting, moment::leading},
     {cut_off, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
      RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH, RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH,
      RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, RD_KAFKA_RESP_ERR_INVALID_MSG,
      RD_KAFKA_RESP_ERR_UNKNOWN},
     {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION}},
    {api::list_offsets,
     {moment::starting},
     {cut_off, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
      RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
      RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
      RD_KAFKA_RESP_ERR_UNKNOWN},
     {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED}},
    {api::metadata,
     {moment::starting},
     {RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_UNKNOWN},
     {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED}},
    {api::metadata,
     {moment::leading},
     {RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_UNKNOWN}},
};

const char* to_string(moment m) {
  switch (m) {
    case moment::starting: return "starting";
    case moment::leading: return "leading";
    case moment::rejoining: return "rejoining";
    case moment::leaving: return "leaving";
  }
  return "?";
}

/// A few requests are answered with the error, so that retries meet it as well. A good-bye is not
/// retried.
constexpr int a_few(moment m) { return m == moment::leaving ? 1 : 3; }
constexpr int for_good = 10'000;

/// Makes the candidates send the request where they would not by themselves.
void provoke(contest& c, api request, moment when) {
  if (when == moment::leaving) c.leader()->close([](neli::error_code) {});
  if (when == moment::rejoining)
    c.inject(api::heartbeat,
             request == api::find_coordinator ? RD_KAFKA_RESP_ERR_NOT_COORDINATOR
                                              : RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
             1);
  if (when == moment::leading && request == api::metadata)
    c.inject(api::fetch, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, 1);
}

bool is_of_the_group(api a) {
  return a == api::find_coordinator || a == api::join_group || a == api::sync_group ||
         a == api::heartbeat || a == api::leave_group;
}

/// Whether the error can make members join anew.
bool costs_a_rebalance(api request, rd_kafka_resp_err_t error) {
  const bool beats_on = request == api::heartbeat && error != RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID &&
                        error != RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION &&
                        error != RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS;
  return is_of_the_group(request) && !beats_on;
}

/// The time on top of two leases, in which the mock forms the group anew. It waits for members that
/// have missed a rebalance, and for member ids that are not in use any more.
milliseconds allowance(api request, rd_kafka_resp_err_t error, moment when) {
  milliseconds t{0};
  // Candidates that do not start at the same time cost one more rebalance.
  if (when == moment::starting) t += first_rebalance + rebalance;
  if (costs_a_rebalance(request, error)) t += rebalance + forgetting + rebalance;
  return t;
}

asio::awaitable<bool> disturb(contest& c, api request, rd_kafka_resp_err_t error, moment when,
                              int times) {
  const bool of_topic = request == api::metadata;  // the mock has errors of topics for this request
  if (when != moment::starting && !co_await begin(c)) co_return false;
  if (of_topic)
    c.set_topic_error(error);
  else
    c.inject(request, error, times);
  if (when == moment::starting) c.start();
  provoke(c, request, when);
  if (of_topic) {
    if (times == for_good) co_return co_await c.until([&] { return !!c.failure(); }, 1min);
    co_await c.pass(2 * lease);
    c.set_topic_error(RD_KAFKA_RESP_ERR_NO_ERROR);
    co_return true;
  }
  const auto met = [&] { return c.left(request) == 0 || c.failure(); };
  for (int n = 0; n < 20; ++n) {
    if (co_await c.until(met, 3s)) co_return true;
    // A member that was in a rebalance has not noticed the order to join anew.
    if (when == moment::rejoining && c.left(api::heartbeat) == 0) provoke(c, request, when);
  }
  co_return false;
}

/// These versions crash on Metadata in which a topic that is new to the client has both an error
/// and partitions (librdkafka issue 4907). The mock sends both; Kafka's brokers send no partitions
/// beside an error.
bool crashes_librdkafka(api request, moment when) {
  constexpr int broken_in = 0x020400ff;
  constexpr int mended_in = 0x020a00ff;
  return request == api::metadata && when == moment::starting && rd_kafka_version() >= broken_in &&
         rd_kafka_version() < mended_in;
}

std::vector<trial> expand() {
  std::vector<trial> all;
  for (const auto& [request, moments, recovers, refuses] : table)
    for (const auto when : moments) {
      if (crashes_librdkafka(request, when)) continue;
      const auto add = [&, r = request](rd_kafka_resp_err_t e, outcome o) {
        const bool fails = o == outcome::fails;
        all.push_back(
            {std::string{to_string(r)} + " " + rd_kafka_err2name(e) + " while " + to_string(when) +
                 (fails ? ", for good" : ""),
             [=](contest& c) { return disturb(c, r, e, when, fails ? for_good : a_few(when)); },
             allowance(r, e, when), o, rd_kafka_err2str(e)});
      };
      for (const auto e : recovers) add(e, outcome::recovers);
      for (const auto e : refuses) {
        add(e, outcome::recovers);
        add(e, outcome::fails);
      }
    }
  return all;
}

const std::vector<trial> answered = expand();

}  // namespace

BOOST_DATA_TEST_CASE(errors, boost::unit_test::data::make(answered)) {
  static const auto found = try_all(answered);
  check(sample, found.at(sample.name));
}
