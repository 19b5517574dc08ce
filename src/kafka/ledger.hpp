// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "kafka/handle.hpp"
#include "kafka/lifetime.hpp"
#include "kafka/survey.hpp"
#include "shell/ledger.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace neli::kafka {

/// Partition 0 of the leader topic: a consumer that is told where to read, and a producer.
class ledger final : public shell::ledger {
 public:
  ledger(std::shared_ptr<const config>, const strand&, listener&);
  ~ledger() override;

  void expect_appends() override;
  void read_back(std::uint64_t records) override;
  void append(core::ticket, std::string value) override;
  void stop() override;

 private:
  /// One of the two directions; troubles are told when they begin and when they end.
  struct direction {
    const char* name = nullptr;
    bool troubled = false;
  };

  void make_writer();
  void found(const findings&);
  void start_clients();
  void start_reading(core::offset from);
  void stop_reading();
  topic_ptr topic_of(handle&) const;
  void look_for_the_partition();
  void reader_event(rd_kafka_event_t&);
  void read(const rd_kafka_message_t&);
  void read_error(rd_kafka_resp_err_t, const char* text);
  void writer_event(rd_kafka_event_t&);
  void delivered(const rd_kafka_message_t&);
  void compare_with_lease(std::chrono::microseconds append_took);
  void append_failed(core::ticket, rd_kafka_resp_err_t, const char* text);
  void trouble(direction&, rd_kafka_resp_err_t, const char* text);
  void well(direction&);
  std::string explain(rd_kafka_resp_err_t, const char* text) const;

  const std::shared_ptr<const config> config_;
  const strand strand_;
  listener& listener_;
  bool stopped_ = false;

  std::unique_ptr<survey> survey_;
  std::uint64_t records_ = 0;  ///< asked for by `read_back`
  bool warned_ = false;

  std::unique_ptr<handle> reader_;
  topic_ptr read_from_;
  bool started_ = false;
  bool reading_ = false;
  core::offset end_ = 0;       ///< when reading started
  std::int32_t read_at_ = -1;  ///< the broker of the last record that was read

  std::unique_ptr<handle> writer_;
  topic_ptr append_to_;
  std::chrono::microseconds longest_told_{0};

  direction reads_{"reading the ledger"};
  direction appends_{"appending to the ledger"};
  lifetime lifetime_;
};

}  // namespace neli::kafka
