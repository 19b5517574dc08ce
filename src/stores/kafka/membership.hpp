// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "lifetime.hpp"
#include "stores/kafka/good_bye.hpp"
#include "stores/kafka/handle.hpp"
#include "stores/kafka/health.hpp"
#include "stores/store.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <set>
#include <string>

namespace neli::stores::kafka {

/// A consumer in the group that never fetches: the owner of partition i has role i of the
/// configuration.
class membership final : public stores::membership {
 public:
  membership(std::shared_ptr<const config>, const strand&, listener&);
  ~membership() override;

  void join() override;
  void give_back(const std::string& role) override;
  void leave(std::function<void()> left) override;
  void stop() override;

 private:
  void subscribe();
  void on_event(rd_kafka_event_t&);
  void rebalance(rd_kafka_event_t&);
  void assign(rd_kafka_topic_partition_list_t&);
  void revoke(rd_kafka_topic_partition_list_t&);
  void lose(rd_kafka_topic_partition_list_t&);
  void answer(rd_kafka_topic_partition_list_t&);
  void answer_if_given_back();
  void error(rd_kafka_resp_err_t, const char* text);
  void look_at_health();
  void expect_coordinator();
  void expect_assignment();
  void look_after();
  void nudge();
  void look_again_after(std::chrono::milliseconds);
  void left();
  bool joining() const;
  bool leaving() const;
  bool cooperative() const;
  const std::string* role_of(const rd_kafka_topic_partition_t&) const;

  const std::shared_ptr<const config> config_;
  listener& listener_;
  const strand strand_;
  std::unique_ptr<handle> handle_;
  asio::steady_timer timer_;
  bool subscribed_ = false;
  bool assigned_once_ = false;  ///< possibly no partition
  bool stopped_ = false;

  health health_;
  std::chrono::milliseconds since_look_{0};
  std::string known_as_;   ///< the member's id, empty while the group does not know it
  bool assigned_ = false;  ///< under that id, possibly no partition
  std::chrono::milliseconds kept_for_{0};  ///< in this assignment, without an error

  /// What the group has asked back, and the roles of it that have not been given back yet.
  partition_list revoked_;
  std::set<std::string> outstanding_;

  bool leaves_ = false;
  good_bye good_bye_;
  std::function<void()> left_;  ///< null once it has been called
  std::chrono::steady_clock::time_point give_up_{};
  lifetime lifetime_;
};

}  // namespace neli::stores::kafka
