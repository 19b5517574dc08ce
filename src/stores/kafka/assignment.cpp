// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/assignment.hpp"

namespace neli::stores::kafka {

void take(rd_kafka_t* member, rd_kafka_topic_partition_list_t& list, bool cooperative) {
  // A given offset, so that librdkafka does not ask the group for a committed one.
  for (int i = 0; i < list.cnt; ++i) list.elems[i].offset = 0;
  // Paused before the first fetch; the partitions stay paused while they are assigned.
  if (cooperative) {
    const error_ptr ignored{rd_kafka_incremental_assign(member, &list)};
  } else {
    rd_kafka_assign(member, &list);
  }
  rd_kafka_pause_partitions(member, &list);
}

void yield_up(rd_kafka_t* member, rd_kafka_topic_partition_list_t& list, bool cooperative) {
  if (cooperative) {
    const error_ptr ignored{rd_kafka_incremental_unassign(member, &list)};
  } else {
    rd_kafka_assign(member, nullptr);
  }
}

std::string member_id(rd_kafka_t* member) {
  auto* id = rd_kafka_memberid(member);
  std::string copy = id ? id : "";
  rd_kafka_mem_free(member, id);
  return copy;
}

}  // namespace neli::stores::kafka
