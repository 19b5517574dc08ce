// SPDX-License-Identifier: BSL-1.0
// How a member answers what the group gives to it and takes from it.
#pragma once

#include "stores/kafka/handle.hpp"

#include <string>

namespace neli::stores::kafka {

/// Nothing of it is ever fetched.
void take(rd_kafka_t*, rd_kafka_topic_partition_list_t&, bool cooperative);
void yield_up(rd_kafka_t*, rd_kafka_topic_partition_list_t&, bool cooperative);

/// The name by which the group knows it; empty: it does not, or not any more.
std::string member_id(rd_kafka_t*);

}  // namespace neli::stores::kafka
