// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/neli.hpp>
#include <neli/testing/embedded_broker.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace neli::test {

using std::chrono::milliseconds;

/// The numbers of Kafka's requests, as its protocol has them.
enum class api : std::int16_t {
  produce = 0,
  fetch = 1,
  list_offsets = 2,
  metadata = 3,
  find_coordinator = 10,
  join_group = 11,
  heartbeat = 12,
  leave_group = 13,
  sync_group = 14,
  init_producer_id = 22,
};

const char* to_string(api) noexcept;

constexpr milliseconds lease{2000};

// Times of the mock that cannot be changed. The session is longer than the first rebalance, during
// which the mock would otherwise forget the members.
constexpr milliseconds first_rebalance{3000};
constexpr milliseconds session{3500};
constexpr milliseconds rebalance = session - milliseconds{1000};
/// How long the mock takes to drop a silent member: it looks once a second.
constexpr milliseconds forgetting = session + milliseconds{1000};

/// Two candidates on a mock cluster of their own. They are watched whenever time passes, so all
/// waiting is done by `until()`.
class contest {
 public:
  explicit contest(asio::io_context&);

  void set_assignor(assignor a) { kafka_.assignor = a; }
  /// Makes the candidates. A fault that is set before applies from their first request on.
  void start();
  /// Checks the condition again and again. False: it did not become true in time.
  asio::awaitable<bool> until(std::function<bool()> condition, milliseconds timeout);
  asio::awaitable<void> pass(milliseconds);

  /// The candidate that leads, or null.
  candidate* leader();
  /// Whether a candidate leads by a heartbeat that was sent after this instant.
  bool led_since(clock::time_point);
  /// The error that has ended a candidate; none: both live.
  error_code failure() const { return *failure_; }
  bool all_closed() const;
  /// The longest time for which something blocked the context's thread while time passed. It may be
  /// that the whole machine stood still.
  milliseconds longest_block() const { return longest_block_; }
  /// Empty, or how the safety of the election was violated.
  const std::string& violation() const { return violation_; }

  /// Answers the next `times` requests of the kind with the error.
  void inject(api, rd_kafka_resp_err_t, int times);
  /// How many such answers are still to come.
  std::size_t left(api) const;
  /// The error of the leader topic in Metadata from now on.
  void set_topic_error(rd_kafka_resp_err_t);
  void set_down(bool);
  void set_round_trip(milliseconds);
  /// The candidates hear nothing meanwhile.
  static void stand_still(milliseconds t) { std::this_thread::sleep_for(t); }
  void destroy_candidates() { candidates_.clear(); }

 private:
  void look();

  asio::steady_timer timer_;
  testing::embedded_broker broker_;
  kafka kafka_ = broker_.store();
  config config_;
  std::vector<candidate> candidates_;
  std::shared_ptr<error_code> failure_ = std::make_shared<error_code>();
  std::uint64_t token_ = 0;
  const candidate* holder_ = nullptr;
  milliseconds longest_block_{0};
  std::string violation_;
};

}  // namespace neli::test
