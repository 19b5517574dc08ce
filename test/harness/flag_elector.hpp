// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>

namespace neli::test {

/// The classic elector: leads whoever owns partition 0 of the topic in a plain consumer group,
/// which it remembers in a flag that the group's callback sets. `work` is what its program does
/// between two polls.
class flag_elector {
 public:
  enum class turn { assigned, revoked, lost };
  using on_turn = std::function<void(turn)>;

  /// The turns are told from another thread, when the flag is set already.
  flag_elector(const std::map<std::string, std::string>& kafka, const std::string& topic, on_turn,
               std::chrono::milliseconds work = {});
  ~flag_elector();
  flag_elector(const flag_elector&) = delete;
  flag_elector& operator=(const flag_elector&) = delete;

  /// The token that such an elector could come by: the time of day, in ms, at which it was made
  /// leader. From any thread.
  std::optional<std::uint64_t> leads() const;

  /// Leaves the group in order; returns when it has.
  void leave();

 private:
  static void rebalanced(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*,
                         void* self);
  void rebalanced(bool assigned, const rd_kafka_topic_partition_list_t&);
  void end_loop();

  const on_turn told_;
  std::atomic<std::uint64_t> token_{0};
  rd_kafka_t* client_ = nullptr;
  std::jthread loop_;
};

}  // namespace neli::test
