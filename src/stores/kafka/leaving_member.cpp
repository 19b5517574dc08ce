// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/leaving_member.hpp"

#include "stores/kafka/assignment.hpp"
#include "stores/kafka/joining_member.hpp"

namespace neli::stores::kafka {

namespace {

/// How long librdkafka may take to tell of the revocation with which a good-bye begins.
constexpr std::chrono::milliseconds telling_takes_at_most{100};

}  // namespace

leaving_member::~leaving_member() {
  if (joining_) {
    const joining_member keeps_it_if_need_be{std::move(handle_)};
  } else if (!good_bye_.said()) {
    handle_->expect_nothing(cooperative_);
  } else if (!gave_up_ && !ready()) {
    answer(telling_takes_at_most);
  }
}

bool leaving_member::ready() {
  answer(std::chrono::milliseconds{0});
  if (!joining_) good_bye_.go_on(*handle_);
  return good_bye_.over(*handle_);
}

void leaving_member::answer(std::chrono::milliseconds timeout) {
  const auto ms = static_cast<int>(timeout.count());
  while (const event_ptr e{rd_kafka_queue_poll(handle_->queue(), ms)}) {
    if (rd_kafka_event_type(e.get()) != RD_KAFKA_EVENT_REBALANCE) continue;
    // Left unanswered, it would block the good-bye and the destruction for ever.
    auto* list = rd_kafka_event_topic_partition_list(e.get());
    if (good_bye_.said()) {
      rd_kafka_assign(handle_->get(), nullptr);
    } else if (rd_kafka_event_error(e.get()) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      take(handle_->get(), *list, cooperative_);
      joining_ = false;
    } else {
      yield_up(handle_->get(), *list, cooperative_);
    }
  }
}

}  // namespace neli::stores::kafka
