// SPDX-License-Identifier: BSL-1.0
// How a member answers the group's assignments and revocations.
#pragma once

#include "stores/kafka/handle.hpp"

#include <string>

namespace neli::stores::kafka {

/// Accepts an assignment; nothing is ever fetched from it.
void take(rd_kafka_t*, rd_kafka_topic_partition_list_t&, bool cooperative);
void yield_up(rd_kafka_t*, rd_kafka_topic_partition_list_t&, bool cooperative);

/// The member's id in the group; empty while the group does not know the member.
std::string member_id(rd_kafka_t*);

}  // namespace neli::stores::kafka
