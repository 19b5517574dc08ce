// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "lifetime.hpp"
#include "stores/kafka/owned.hpp"
#include "stores/kafka/properties.hpp"
#include "stores/kafka/wakeup.hpp"

#include <librdkafka/rdkafka.h>
#include <spdlog/logger.h>

#include <functional>
#include <memory>
#include <string>

namespace neli::stores::kafka {

using event_ptr = owned<rd_kafka_event_t, rd_kafka_event_destroy>;
using queue_ptr = owned<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using partition_list =
    owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using error_ptr = owned<rd_kafka_error_t, rd_kafka_error_destroy>;
using topic_ptr = owned<rd_kafka_topic_t, rd_kafka_topic_destroy>;

/// One client of librdkafka's with one queue for all its events, drained on the strand. Log lines
/// go to the logger, all other events to the function given to the constructor.
class handle {
 public:
  using on_event = std::function<void(rd_kafka_event_t&)>;

  /// Throws `config_error` with librdkafka's text, or `std::system_error` when there are too few
  /// threads or descriptors left.
  handle(client, std::shared_ptr<const config>, const strand&, on_event);
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;
  /// Does not wait: the client is destroyed elsewhere.
  ~handle();

  void start();
  /// No event is told after this.
  void stop();
  /// Serves the events that are there. librdkafka takes a member for dead that does not do so for
  /// too long.
  void drain();
  /// For a stopped member that is to be destroyed without a good-bye: an assignment that was told
  /// but not answered would block its destruction for ever (librdkafka 2.0).
  void expect_nothing(bool cooperative);

  rd_kafka_t* get() const { return client_.get(); }
  rd_kafka_queue_t* queue() const { return queue_.get(); }

 private:
  struct client_deleter {
    void operator()(rd_kafka_t*) const;
    strand on;
  };

  void serve(rd_kafka_event_t&);
  void log(rd_kafka_event_t&);

  std::shared_ptr<const config> config_;
  strand strand_;
  on_event on_event_;
  std::shared_ptr<wakeup> wakeup_;
  std::unique_ptr<rd_kafka_t, client_deleter> client_;
  queue_ptr queue_;
  bool stopped_ = false;
  lifetime lifetime_;
};

}  // namespace neli::stores::kafka
