// SPDX-License-Identifier: BSL-1.0
#include "flag_elector.hpp"

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace neli::chaos {

namespace {

/// The token that such an elector could come by: the time of day at which it was made leader.
std::uint64_t time_of_day_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

class flag_elector final : public elector {
 public:
  flag_elector(const std::map<std::string, std::string>& kafka, const std::string& topic,
               const tools::facts& says)
      : says_{says} {
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
    loop_ = std::jthread{[this](const std::stop_token& stop) {
      while (!stop.stop_requested())
        if (auto* message = rd_kafka_consumer_poll(client_, 20)) rd_kafka_message_destroy(message);
    }};
  }

  ~flag_elector() override {
    end_loop();
    rd_kafka_destroy(client_);
  }

  std::optional<std::uint64_t> leads() const override {
    const auto token = token_.load();
    return token ? std::optional{token} : std::nullopt;
  }

  void leave() override {
    end_loop();
    rd_kafka_consumer_close(client_);
  }

 private:
  static void rebalanced(rd_kafka_t* client, rd_kafka_resp_err_t what,
                         rd_kafka_topic_partition_list_t* partitions, void* self) {
    static_cast<flag_elector*>(self)->rebalanced(client, what, partitions);
  }

  void rebalanced(rd_kafka_t* client, rd_kafka_resp_err_t what,
                  rd_kafka_topic_partition_list_t* partitions) {
    const bool assigned = what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    for (int i = 0; i < partitions->cnt; ++i)
      if (partitions->elems[i].partition == 0) {
        token_ = assigned ? time_of_day_ms() : 0;
        says_.print("TURN", assigned ? "assigned" : "revoked");
      }
    rd_kafka_assign(client, assigned ? partitions : nullptr);
  }

  void end_loop() {
    if (!loop_.joinable()) return;
    loop_.request_stop();
    loop_.join();
  }

  const tools::facts& says_;
  std::atomic<std::uint64_t> token_{0};
  rd_kafka_t* client_ = nullptr;
  std::jthread loop_;
};

}  // namespace

std::unique_ptr<elector> make_flag_elector(const std::map<std::string, std::string>& kafka,
                                           const std::string& topic, const tools::facts& says) {
  return std::make_unique<flag_elector>(kafka, topic, says);
}

}  // namespace neli::chaos
