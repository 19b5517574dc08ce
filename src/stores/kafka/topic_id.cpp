// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/topic_id.hpp"

#include "stores/kafka/owned.hpp"

#include <algorithm>
#include <cstddef>

namespace neli::stores::kafka {

#if RD_KAFKA_VERSION >= 0x020300ff

namespace {

using topics = owned<rd_kafka_TopicCollection_t, rd_kafka_TopicCollection_destroy>;
using options = owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;

/// librdkafka writes it in base64, Kafka in the variant of base64 for URLs.
std::string as_kafka_writes_it(std::string id) {
  std::replace(id.begin(), id.end(), '+', '-');
  std::replace(id.begin(), id.end(), '/', '_');
  return id;
}

}  // namespace

bool ask_for_topic_id(rd_kafka_t* k, const std::string& topic, std::int32_t broker,
                      rd_kafka_queue_t* answers) {
  const char* name = topic.c_str();
  const topics one{rd_kafka_TopicCollection_of_topic_names(&name, 1)};
  const options any{rd_kafka_AdminOptions_new(k, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS)};
  // Without this it would ask the controller, which may not be there.
  rd_kafka_AdminOptions_set_broker(any.get(), broker, nullptr, 0);
  rd_kafka_DescribeTopics(k, one.get(), any.get(), answers);
  return true;
}

std::string topic_id_in(rd_kafka_event_t* answer) {
  const auto* result = answer ? rd_kafka_event_DescribeTopics_result(answer) : nullptr;
  std::size_t n = 0;
  const auto* const* told = result ? rd_kafka_DescribeTopics_result_topics(result, &n) : nullptr;
  if (n != 1 || rd_kafka_TopicDescription_error(told[0])) return {};
  const auto* id = rd_kafka_TopicDescription_topic_id(told[0]);
  // librdkafka gives zero when the broker's answer has no id.
  const bool known =
      rd_kafka_Uuid_most_significant_bits(id) != 0 || rd_kafka_Uuid_least_significant_bits(id) != 0;
  return known ? as_kafka_writes_it(rd_kafka_Uuid_base64str(id)) : std::string{};
}

#else

bool ask_for_topic_id(rd_kafka_t*, const std::string&, std::int32_t, rd_kafka_queue_t*) {
  return false;
}

std::string topic_id_in(rd_kafka_event_t*) { return {}; }

#endif

}  // namespace neli::stores::kafka
