// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "kafka/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace neli::test {

/// A producer that does not belong to a candidate.
class stranger {
 public:
  explicit stranger(const std::map<std::string, std::string>& properties = {}) {
    auto* conf = rd_kafka_conf_new();
    char text[512];
    rd_kafka_conf_set(conf, "bootstrap.servers", the_broker().servers().c_str(), text, sizeof text);
    for (const auto& [key, value] : properties)
      rd_kafka_conf_set(conf, key.c_str(), value.c_str(), text, sizeof text);
    rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* m, void*) {
      *static_cast<rd_kafka_resp_err_t*>(m->_private) = m->err;
    });
    client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text));
    BOOST_REQUIRE(client_);
  }

  /// Appends to partition 0 and returns the outcome.
  rd_kafka_resp_err_t append(const std::string& topic, std::int64_t timestamp_ms = 0) {
    auto outcome = RD_KAFKA_RESP_ERR__TIMED_OUT;
    rd_kafka_producev(client_.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0),
                      RD_KAFKA_V_VALUE(const_cast<char*>("x"), 1),
                      RD_KAFKA_V_TIMESTAMP(timestamp_ms), RD_KAFKA_V_OPAQUE(&outcome),
                      RD_KAFKA_V_END);
    BOOST_TEST(rd_kafka_flush(client_.get(), 60'000) == 0);
    return outcome;
  }

  void begin_transaction() {
    BOOST_REQUIRE(!rd_kafka_init_transactions(client_.get(), 60'000));
    BOOST_REQUIRE(!rd_kafka_begin_transaction(client_.get()));
  }

 private:
  struct deleter {
    void operator()(rd_kafka_t* k) const { rd_kafka_destroy(k); }
  };
  std::unique_ptr<rd_kafka_t, deleter> client_;
};

}  // namespace neli::test
