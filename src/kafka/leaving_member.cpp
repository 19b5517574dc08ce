// SPDX-License-Identifier: BSL-1.0
#include "kafka/leaving_member.hpp"

namespace neli::kafka {

namespace {

/// Until librdkafka has told what a good-bye begins with: the revocation of what it has.
constexpr std::chrono::milliseconds telling_takes_at_most{100};

}  // namespace

leaving_member::~leaving_member() {
  if (!ready() && !gave_up_) answer(telling_takes_at_most);
}

bool leaving_member::answer(std::chrono::milliseconds timeout) {
  const auto ms = static_cast<int>(timeout.count());
  while (const event_ptr e{rd_kafka_queue_poll(handle_->queue(), ms)}) {
    // Unanswered it would hold up the good-bye, and the destruction, for ever.
    if (rd_kafka_event_type(e.get()) == RD_KAFKA_EVENT_REBALANCE)
      rd_kafka_assign(handle_->get(), nullptr);
  }
  return rd_kafka_consumer_closed(handle_->get()) != 0;
}

}  // namespace neli::kafka
