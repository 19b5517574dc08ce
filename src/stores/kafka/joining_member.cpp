// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/joining_member.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace neli::stores::kafka {

namespace {

constexpr int mended_in = 0x020300ff;

void bury(std::unique_ptr<handle> h) {
  static std::mutex mutex;
  static auto& graves = *new std::vector<std::unique_ptr<handle>>;  // never destroyed
  const std::lock_guard lock{mutex};
  graves.push_back(std::move(h));
}

}  // namespace

bool must_linger_until_assigned() { return rd_kafka_version() < mended_in; }

joining_member::~joining_member() {
  if (assigned_)
    handle_->expect_nothing(true);
  else
    bury(std::move(handle_));
}

bool joining_member::ready() {
  while (const event_ptr e{rd_kafka_queue_poll(handle_->queue(), 0)}) {
    if (rd_kafka_event_type(e.get()) != RD_KAFKA_EVENT_REBALANCE) continue;
    // Left unanswered, it would block the client's destruction for ever.
    auto* list = rd_kafka_event_topic_partition_list(e.get());
    const error_ptr ignored{rd_kafka_incremental_assign(handle_->get(), list)};
    assigned_ = true;
  }
  return assigned_;
}

}  // namespace neli::stores::kafka
