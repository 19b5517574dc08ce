// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "lifetime.hpp"
#include "stores/kafka/handle.hpp"
#include "stores/kafka/health.hpp"
#include "stores/kafka/survey.hpp"
#include "stores/store.hpp"
#include <neli/clock.hpp>

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

namespace neli::stores::kafka {

/// Partition 0 of the leader topic: a consumer that is told where to read, and a producer.
class ledger final : public stores::ledger {
 public:
  ledger(std::shared_ptr<const config>, const strand&, listener&, bool appends);
  ~ledger() override;

  void read_back(std::uint64_t records) override;
  void append(core::ticket, std::string value) override;
  void stop() override;

 private:
  template <class F>
  void attempt(F);
  void make_writer();
  void make_writer_anew();
  void found(const findings&);
  void start_clients();
  void start_reading(core::offset from);
  void stop_reading();
  topic_ptr topic_of(handle&) const;
  void look_for_the_partition();
  void watch();
  void look(std::chrono::milliseconds after);
  void look_at_reading(std::chrono::milliseconds after);
  void look_at_appending(std::chrono::milliseconds after);
  void ask_whether_this_is_the_end();
  void expect_the_end();
  bool may_be_of_another_log() const;
  void recognize_the_log();
  void lose_the_log();
  void lose(const std::string& why);
  void heard_from_reader();
  void reader_event(rd_kafka_event_t&);
  void read(const rd_kafka_message_t&);
  void read_error(rd_kafka_resp_err_t, const char* text);
  void writer_event(rd_kafka_event_t&);
  void delivered(const rd_kafka_message_t&);
  void compare_with_lease(std::chrono::microseconds append_took);
  void append_failed(core::ticket, rd_kafka_resp_err_t, const char* text);
  void failed_to_append(rd_kafka_resp_err_t, const char* text);

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
  core::offset since_ = 0;      ///< where reading started
  core::offset end_ = 0;        ///< the end of the log when reading started
  std::int32_t read_at_ = -1;   ///< the broker of the last record that was read
  core::offset next_ = 0;       ///< the offset after the last record that was read
  core::stamp last_taken_ = 0;  ///< when the log took that record
  std::string last_;            ///< the value of that record
  bool recognizing_ = false;    ///< that record is being read again
  clock::time_point as_of_{};   ///< when this log was last read from, or asked for that record
  std::chrono::milliseconds silent_for_{0};  ///< nothing has come from the reader

  std::unique_ptr<handle> writer_;
  topic_ptr append_to_;
  /// Until a writer that was refused for good is made anew; 0: none was.
  std::chrono::milliseconds until_anew_{0};
  std::set<core::ticket> appending_;  ///< records whose outcome is not known yet
  std::chrono::milliseconds since_append_failed_{0};
  std::chrono::microseconds longest_told_{0};

  health reads_;
  health appends_;
  asio::steady_timer timer_;
  lifetime lifetime_;
};

}  // namespace neli::stores::kafka
