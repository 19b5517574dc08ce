// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/config.hpp>
#include <neli/detail/api.hpp>
#include <neli/stores/kafka.hpp>

#include <memory>
#include <string>

struct rd_kafka_mock_cluster_s;

namespace neli::testing {

/// A stand-in for Kafka within this process, for examples and quick tests: librdkafka's mock
/// cluster. Other processes reach it over TCP on loopback.
///
/// It keeps everything in memory, never removes a record, checks no rights, and takes three seconds
/// over a group's first rebalance. It shows that a program is put together rightly; it proves
/// nothing about Kafka.
///
/// Thread safety: none is needed; it has a thread of librdkafka's of its own.
class NELI_API embedded_broker {
 public:
  /// Throws `neli::error` if it cannot be started.
  explicit embedded_broker(int brokers = 1);
  ~embedded_broker();
  embedded_broker(embedded_broker&&) noexcept;
  embedded_broker& operator=(embedded_broker&&) noexcept;

  /// "host:port,host:port,..."
  std::string bootstrap_servers() const;

  /// Makes a topic. A topic of a candidate's must be there before the candidate is.
  void create_topic(const std::string& name, int partitions = 1);

  /// This broker as a store.
  neli::kafka store() const;

  /// A configuration for a candidate on this broker, for the topic `name` (which is made) and, in
  /// group arbitration, the group of that name.
  neli::config config(const std::string& name = "neli");

  /// librdkafka's handle, for `rdkafka_mock.h`: to inject errors and delays.
  rd_kafka_mock_cluster_s* native_handle() const noexcept;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace neli::testing
