// SPDX-License-Identifier: BSL-1.0
// librdkafka's clients in their usual use, without neli.
#pragma once

#include <librdkafka/rdkafka.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace neli::benchmarks {

using properties = std::map<std::string, std::string>;
using topic_ptr = std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)>;

inline void check(rd_kafka_resp_err_t e, const std::string& what) {
  if (e) throw std::runtime_error{what + ": " + rd_kafka_err2str(e)};
}

/// The outcomes of a producer's appends.
struct reports {
  std::uint64_t delivered = 0;
  rd_kafka_resp_err_t failure = RD_KAFKA_RESP_ERR_NO_ERROR;
};

class client {
 public:
  client(rd_kafka_type_t type, const properties& all, const std::string& topic_name)
      : handle_{made(type, all), &rd_kafka_destroy},
        topic_{rd_kafka_topic_new(handle_.get(), topic_name.c_str(), nullptr),
               &rd_kafka_topic_destroy} {}

  rd_kafka_t* get() const { return handle_.get(); }
  rd_kafka_topic_t* topic() const { return topic_.get(); }

 private:
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* m, void*) {
    auto& to = *static_cast<reports*>(m->_private);
    ++to.delivered;
    if (m->err) to.failure = m->err;
  }

  static rd_kafka_t* made(rd_kafka_type_t type, const properties& all) {
    auto* conf = rd_kafka_conf_new();
    std::array<char, 512> text{};
    for (const auto& [key, value] : all)
      if (rd_kafka_conf_set(conf, key.c_str(), value.c_str(), text.data(), text.size()))
        throw std::runtime_error{text.data()};
    if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    auto* handle = rd_kafka_new(type, conf, text.data(), text.size());
    if (!handle) throw std::runtime_error{text.data()};
    return handle;
  }

  std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)> handle_;
  topic_ptr topic_;
};

class producer {
 public:
  producer(properties p, const std::string& topic) : client_{RD_KAFKA_PRODUCER, with(p), topic} {}
  ~producer() { rd_kafka_flush(client_.get(), 10'000); }

  void append(const std::string& value) {
    while (true) {
      const auto e =
          rd_kafka_producev(client_.get(), RD_KAFKA_V_RKT(client_.topic()), RD_KAFKA_V_PARTITION(0),
                            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                            RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
                            RD_KAFKA_V_OPAQUE(&reports_), RD_KAFKA_V_END);
      if (e != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        check(e, "append");
        ++appended_;
        return;
      }
      rd_kafka_poll(client_.get(), 100);
    }
  }

  /// Waits until all are in the log.
  void await_reports() {
    while (reports_.delivered < appended_) rd_kafka_poll(client_.get(), 1000);
    check(reports_.failure, "an append");
  }

 private:
  static properties with(properties p) {
    p.insert({{"acks", "all"}, {"linger.ms", "0"}});
    return p;
  }

  // Outlives the client, which calls it.
  reports reports_;
  client client_;
  std::uint64_t appended_ = 0;
};

/// Reads partition 0 from the end that it had when this was made.
class reader {
 public:
  reader(properties p, const std::string& topic) : client_{RD_KAFKA_CONSUMER, p, topic} {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    check(rd_kafka_query_watermark_offsets(client_.get(), topic.c_str(), 0, &begin, &end, 10'000),
          "the topic's end");
    if (rd_kafka_consume_start(client_.topic(), 0, end)) check(rd_kafka_last_error(), "reading");
  }
  ~reader() { rd_kafka_consume_stop(client_.topic(), 0); }
  reader(const reader&) = delete;

  /// Waits until that value has been read.
  void await(const std::string& value) {
    while (true) {
      const std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)> m{
          rd_kafka_consume(client_.topic(), 0, 1000), &rd_kafka_message_destroy};
      if (!m) continue;
      check(m->err, "reading");
      if (std::string_view{static_cast<const char*>(m->payload), m->len} == value) return;
    }
  }

 private:
  client client_;
};

}  // namespace neli::benchmarks
