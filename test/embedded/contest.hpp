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

// What the mock cannot be talked out of. Members whose session is shorter than its first rebalance
// it would forget meanwhile.
constexpr milliseconds first_rebalance{3000};
constexpr milliseconds session{3500};
constexpr milliseconds rebalance = session - milliseconds{1000};
/// Until it gives up a member that is silent, for which it looks once a second.
constexpr milliseconds forgetting = session + milliseconds{1000};

/// Two candidates on a mock cluster of their own, which are watched whenever time passes: so all
/// waiting is done by `until()`.
class contest {
 public:
  explicit contest(asio::io_context&);

  void set_assignor(assignor a) { config_.assignor = a; }
  /// The candidates begin. What is broken before then is broken from their first request on.
  void start();
  /// Looks again and again. False: it did not come true in time.
  asio::awaitable<bool> until(std::function<bool()> condition, milliseconds timeout);
  asio::awaitable<void> pass(milliseconds);

  /// The one that leads, or null.
  candidate* leader();
  /// Whether somebody leads on the strength of a heartbeat that was sent after this instant.
  bool led_since(clock::time_point);
  /// What ended a candidate without its being closed; none: they live.
  error_code failure() const { return *failure_; }
  bool all_closed() const;
  /// For how long at most, while time passed, the context's thread did not come round: something
  /// blocked it, or the machine was busy.
  milliseconds longest_stall() const { return longest_stall_; }
  /// Empty, or how the safety of the election was violated.
  const std::string& violation() const { return violation_; }

  /// The next so many requests of the kind are answered with the error.
  void inject(api, rd_kafka_resp_err_t, int times);
  /// How many of them are still to come.
  std::size_t left(api) const;
  /// What Metadata says of the leader topic from now on.
  void set_topic_error(rd_kafka_resp_err_t);
  void set_down(bool);
  void set_round_trip(milliseconds);
  /// Nothing that is told to the candidates is heard meanwhile.
  static void stand_still(milliseconds t) { std::this_thread::sleep_for(t); }
  void destroy_candidates() { candidates_.clear(); }

 private:
  void look();

  asio::steady_timer timer_;
  testing::embedded_broker broker_;
  config config_;
  std::vector<candidate> candidates_;
  std::shared_ptr<error_code> failure_ = std::make_shared<error_code>();
  std::uint64_t token_ = 0;
  const candidate* holder_ = nullptr;
  milliseconds longest_stall_{0};
  std::string violation_;
};

}  // namespace neli::test
