// SPDX-License-Identifier: BSL-1.0
// The id of a topic, which tells it from an earlier topic of the same name: no two topics ever get
// the same id. librdkafka tells it since 2.3, brokers since Kafka 2.8.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <string>

namespace neli::stores::kafka {

/// Asks this broker; the answer comes on the queue. False: this librdkafka cannot ask.
bool ask_for_topic_id(rd_kafka_t*, const std::string& topic, std::int32_t broker,
                      rd_kafka_queue_t* answers);

/// The id, written as Kafka's own tools write it; empty if the broker does not tell it, or if there
/// is no answer.
std::string topic_id_in(rd_kafka_event_t* answer);

}  // namespace neli::stores::kafka
