// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/owned.hpp"
#include <neli/error.hpp>
#include <neli/stores/kafka.hpp>
#include <neli/testing/embedded_broker.hpp>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>

namespace neli::testing {

/// librdkafka's mock cluster needs a client, which is used for nothing else.
struct embedded_broker::impl {
  stores::kafka::owned<rd_kafka_t, rd_kafka_destroy> client;
  stores::kafka::owned<rd_kafka_mock_cluster_t, rd_kafka_mock_cluster_destroy> cluster;
};

embedded_broker::embedded_broker(int brokers) : impl_{std::make_unique<impl>()} {
  std::array<char, 512> text{};
  auto* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, nullptr);
  impl_->client.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, text.data(), text.size()));
  if (impl_->client) impl_->cluster.reset(rd_kafka_mock_cluster_new(impl_->client.get(), brokers));
  if (!impl_->cluster)
    throw error{{RD_KAFKA_RESP_ERR__FAIL, kafka_category()},
                "neli: the embedded broker does not start: " + std::string{text.data()}};
}

embedded_broker::~embedded_broker() = default;
embedded_broker::embedded_broker(embedded_broker&&) noexcept = default;
embedded_broker& embedded_broker::operator=(embedded_broker&&) noexcept = default;

std::string embedded_broker::bootstrap_servers() const {
  return rd_kafka_mock_cluster_bootstraps(impl_->cluster.get());
}

void embedded_broker::create_topic(const std::string& name, int partitions) {
  const auto e = rd_kafka_mock_topic_create(impl_->cluster.get(), name.c_str(), partitions, 1);
  if (e != RD_KAFKA_RESP_ERR_NO_ERROR && e != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
    throw error{{e, kafka_category()},
                "neli: cannot create the topic '" + name + "': " + rd_kafka_err2str(e)};
}

neli::kafka embedded_broker::store() const {
  return {.properties = {{"bootstrap.servers", bootstrap_servers()},
                         // The mock does not wake a waiting fetch when something new arrives.
                         {"fetch.wait.max.ms", "10"}}};
}

neli::config embedded_broker::config(const std::string& name) {
  create_topic(name);
  auto kafka = store();
  kafka.group_id = name;
  return {.store = kafka, .ledger = name};
}

rd_kafka_mock_cluster_s* embedded_broker::native_handle() const noexcept {
  return impl_->cluster.get();
}

}  // namespace neli::testing
