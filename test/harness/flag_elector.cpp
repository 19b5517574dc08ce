// SPDX-License-Identifier: BSL-1.0
#include "harness/flag_elector.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace neli::test {

namespace {

std::uint64_t time_of_day_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

}  // namespace

flag_elector::flag_elector(const std::map<std::string, std::string>& kafka,
                           const std::string& topic, on_turn told, std::chrono::milliseconds work)
    : told_{std::move(told)} {
  auto* conf = rd_kafka_conf_new();
  char why[512];
  for (const auto& [key, value] : kafka)
    if (rd_kafka_conf_set(conf, key.c_str(), value.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK)
      throw std::runtime_error{why};
  rd_kafka_conf_set_opaque(conf, this);
  rd_kafka_conf_set_rebalance_cb(conf, rebalanced);
  client_ = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
  if (!client_) throw std::runtime_error{why};
  rd_kafka_poll_set_consumer(client_);
  auto* topics = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(topics, topic.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(client_, topics);
  rd_kafka_topic_partition_list_destroy(topics);
  loop_ = std::jthread{[this, work](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const int waits = work.count() ? 0 : 20;
      if (auto* message = rd_kafka_consumer_poll(client_, waits)) rd_kafka_message_destroy(message);
      std::this_thread::sleep_for(work);
    }
  }};
}

flag_elector::~flag_elector() {
  end_loop();
  rd_kafka_destroy(client_);
}

std::optional<std::uint64_t> flag_elector::leads() const {
  const auto token = token_.load();
  return token ? std::optional{token} : std::nullopt;
}

void flag_elector::leave() {
  end_loop();
  rd_kafka_consumer_close(client_);
}

void flag_elector::rebalanced(rd_kafka_t* client, rd_kafka_resp_err_t what,
                              rd_kafka_topic_partition_list_t* partitions, void* self) {
  const bool assigned = what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  static_cast<flag_elector*>(self)->rebalanced(assigned, *partitions);
  rd_kafka_assign(client, assigned ? partitions : nullptr);
}

void flag_elector::rebalanced(bool assigned, const rd_kafka_topic_partition_list_t& partitions) {
  for (int i = 0; i < partitions.cnt; ++i) {
    if (partitions.elems[i].partition != 0) continue;
    token_ = assigned ? time_of_day_ms() : 0;
    told_(assigned                            ? turn::assigned
          : rd_kafka_assignment_lost(client_) ? turn::lost
                                              : turn::revoked);
  }
}

void flag_elector::end_loop() {
  if (!loop_.joinable()) return;
  loop_.request_stop();
  loop_.join();
}

}  // namespace neli::test
