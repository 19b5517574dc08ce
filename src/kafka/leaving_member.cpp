// SPDX-License-Identifier: BSL-1.0
#include "kafka/leaving_member.hpp"

namespace neli::kafka {

bool leaving_member::ready() {
  while (const event_ptr e{rd_kafka_queue_poll(handle_->queue(), 0)}) {
    // Unanswered it would hold up the good-bye for ever.
    if (rd_kafka_event_type(e.get()) == RD_KAFKA_EVENT_REBALANCE)
      rd_kafka_assign(handle_->get(), nullptr);
  }
  return rd_kafka_consumer_closed(handle_->get()) != 0;
}

}  // namespace neli::kafka
