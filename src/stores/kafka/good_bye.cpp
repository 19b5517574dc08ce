// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/good_bye.hpp"

#include "stores/kafka/assignment.hpp"

namespace neli::stores::kafka {

namespace {

bool has_nothing(rd_kafka_t* member) {
  rd_kafka_topic_partition_list_t* list = nullptr;
  if (rd_kafka_assignment(member, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) return false;
  return partition_list { list } -> cnt == 0;
}

}  // namespace

void good_bye::go_on(const handle& h) {
  if (said_) return;
  // A member without partitions would close without telling the group, and each rebalance would
  // wait for the member until its session is over. So it unsubscribes first. librdkafka delays that
  // until a rebalance is over, and would drop it if the consumer were closed before.
  if (!unsubscribed_ && has_nothing(h.get()))
    unsubscribed_ = rd_kafka_unsubscribe(h.get()) == RD_KAFKA_RESP_ERR_NO_ERROR;
  // The member has no id any more once librdkafka has told the group that it leaves.
  if (unsubscribed_ && !member_id(h.get()).empty()) return;
  said_ = true;
  const error_ptr e{rd_kafka_consumer_close_queue(h.get(), h.queue())};
  failed_ = e != nullptr;
}

bool good_bye::over(const handle& h) const {
  return failed_ || (said_ && rd_kafka_consumer_closed(h.get()) != 0);
}

}  // namespace neli::stores::kafka
