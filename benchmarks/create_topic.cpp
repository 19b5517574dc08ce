// SPDX-License-Identifier: BSL-1.0
#include "create_topic.hpp"

#include <librdkafka/rdkafka.h>

#include <memory>
#include <stdexcept>

namespace neli::benchmarks {

namespace {

constexpr int patience_ms = 30'000;

template <auto destroy>
struct with {
  template <class T>
  void operator()(T* t) const {
    destroy(t);
  }
};

using client = std::unique_ptr<rd_kafka_t, with<rd_kafka_destroy>>;
using queue = std::unique_ptr<rd_kafka_queue_t, with<rd_kafka_queue_destroy>>;
using event = std::unique_ptr<rd_kafka_event_t, with<rd_kafka_event_destroy>>;
using new_topic = std::unique_ptr<rd_kafka_NewTopic_t, with<rd_kafka_NewTopic_destroy>>;
using admin_options = std::unique_ptr<rd_kafka_AdminOptions_t, with<rd_kafka_AdminOptions_destroy>>;

client client_of(const std::string& servers) {
  char why[512];
  auto* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", servers.c_str(), nullptr, 0);
  client c{rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why)};
  if (!c) throw std::runtime_error{why};
  return c;
}

void check(rd_kafka_resp_err_t code, const std::string& topic) {
  if (code && code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
    throw std::runtime_error{"creating topic '" + topic + "': " + rd_kafka_err2str(code)};
}

}  // namespace

void create_topic(const std::string& servers, const std::string& topic) {
  const auto c = client_of(servers);
  const queue answers{rd_kafka_queue_new(c.get())};
  const admin_options options{rd_kafka_AdminOptions_new(c.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS)};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), patience_ms, nullptr, 0);
  // Waits until all brokers know the topic: a consumer that does not find it looks again only
  // later.
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), patience_ms, nullptr, 0);
  constexpr int as_the_broker_has_it = -1;
  const new_topic wanted{rd_kafka_NewTopic_new(topic.c_str(), 1, as_the_broker_has_it, nullptr, 0)};
  auto* one = wanted.get();
  rd_kafka_CreateTopics(c.get(), &one, 1, options.get(), answers.get());
  const event answer{rd_kafka_queue_poll(answers.get(), 2 * patience_ms)};
  check(answer ? rd_kafka_event_error(answer.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT, topic);
  std::size_t n = 0;
  const auto* topics =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.get()), &n);
  for (std::size_t i = 0; i < n; ++i) check(rd_kafka_topic_result_error(topics[i]), topic);
}

}  // namespace neli::benchmarks
