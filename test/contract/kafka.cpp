// SPDX-License-Identifier: BSL-1.0
// Kafka: librdkafka's mock cluster, and a real one.
#include "contract/reader.hpp"
#include "contract/store.hpp"
#include "kafka/fixture.hpp"
#include "stores/kafka/ledger.hpp"
#include "stores/kafka/membership.hpp"
#include <neli/logging.hpp>
#include <neli/testing/embedded_broker.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <utility>

namespace neli::test::contract {

namespace {

namespace kafka = stores::kafka;

// --- brokers ---

/// A topic on some brokers.
class cluster {
 public:
  virtual ~cluster() = default;
  virtual kafka::config on_it() = 0;

  static kafka::config on(const std::string& topic, neli::kafka k) {
    k.group_id = topic;
    kafka::config c{std::move(k)};
    c.topic = topic;
    c.barrier_timeout = 15s;
    c.logger = no_logger();
    return c;
  }

  virtual void make_anew() {}
  virtual void remove_before(core::offset) {}
  virtual void cut_off() {}
  virtual void heal() {}
  virtual void break_off() {}
};

class embedded_cluster final : public cluster {
 public:
  explicit embedded_cluster(int partitions) { broker_.create_topic(topic_, partitions); }

  /// As long as a session takes a rebalance of the mock's.
  static constexpr milliseconds session = 4s;

  kafka::config on_it() override { return on(topic_, broker_.store()); }
  void cut_off() override { rd_kafka_mock_broker_set_down(broker_.native_handle(), 1); }
  void heal() override { rd_kafka_mock_broker_set_up(broker_.native_handle(), 1); }
  /// An error that ends an idempotent producer.
  void break_off() override {
    constexpr std::int16_t produce = 0;
    rd_kafka_mock_broker_push_request_error_rtts(broker_.native_handle(), 1, produce, 1,
                                                 RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, 0);
  }

 private:
  const std::string topic_ = unique("contract");
  testing::embedded_broker broker_;
};

class real_cluster final : public cluster {
 public:
  static constexpr milliseconds session = 16s;

  explicit real_cluster(int) {}
  /// Other tests are to find it as it was.
  ~real_cluster() override {
    if (is_cut_off_) heal();
  }

  kafka::config on_it() override {
    return on(topic_, {{{"bootstrap.servers", the_broker().servers()}}});
  }
  void make_anew() override {
    remove_topic();
    // It may still be in the way for a moment.
    while (!make_topic()) {
    }
  }
  void remove_before(core::offset first) override {
    const kafka::partition_list before{rd_kafka_topic_partition_list_new(1)};
    rd_kafka_topic_partition_list_add(before.get(), topic_.c_str(), 0)->offset = first;
    auto* one = rd_kafka_DeleteRecords_new(before.get());
    rd_kafka_DeleteRecords(client_.get(), &one, 1, nullptr, answers_.get());
    rd_kafka_DeleteRecords_destroy(one);
    const auto e = answer();
    const auto* left =
        rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(e.get()));
    BOOST_REQUIRE_EQUAL(left->elems[0].err, RD_KAFKA_RESP_ERR_NO_ERROR);
  }
  void cut_off() override {
    the_broker().command({"pause", "1"});
    is_cut_off_ = true;
  }
  void heal() override {
    is_cut_off_ = false;
    the_broker().command({"resume", "1"});
  }

 private:
  static rd_kafka_t* make_client() {
    auto* conf = rd_kafka_conf_new();
    char text[512];
    rd_kafka_conf_set(conf, "bootstrap.servers", the_broker().servers().c_str(), text, sizeof text);
    auto* made = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    BOOST_REQUIRE_MESSAGE(made, text);
    return made;
  }
  kafka::event_ptr answer() const {
    kafka::event_ptr e{rd_kafka_queue_poll(answers_.get(), 120'000)};
    BOOST_REQUIRE(e);
    BOOST_REQUIRE_MESSAGE(!rd_kafka_event_error(e.get()), rd_kafka_event_error_string(e.get()));
    return e;
  }
  void remove_topic() const {
    auto* one = rd_kafka_DeleteTopic_new(topic_.c_str());
    rd_kafka_DeleteTopics(client_.get(), &one, 1, nullptr, answers_.get());
    rd_kafka_DeleteTopic_destroy(one);
    answer();
  }
  bool make_topic() const {
    char text[512];
    auto* one = rd_kafka_NewTopic_new(topic_.c_str(), 1, 1, text, sizeof text);
    rd_kafka_NewTopic_set_config(one, "message.timestamp.type", "LogAppendTime");
    rd_kafka_CreateTopics(client_.get(), &one, 1, nullptr, answers_.get());
    rd_kafka_NewTopic_destroy(one);
    const auto e = answer();
    std::size_t n = 0;
    const auto* const* made =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(e.get()), &n);
    return rd_kafka_topic_result_error(made[0]) == RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  const std::string topic_ = unique("contract");
  kafka::owned<rd_kafka_t, rd_kafka_destroy> client_{make_client()};
  kafka::queue_ptr answers_{rd_kafka_queue_new(client_.get())};
  bool is_cut_off_ = false;
};

// --- neli's part ---

template <class Cluster>
class kafka_place : public virtual place {
 public:
  void pass(milliseconds t) override {
    context_.restart();
    context_.run_for(t);
  }

 protected:
  explicit kafka_place(int partitions) : at{partitions} {}

  strand on() { return strand{context_.get_executor()}; }

  Cluster at;  ///< goes last

 private:
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
};

template <class Cluster>
class kafka_ledgers final : public ledgers, private kafka_place<Cluster> {
 public:
  explicit kafka_ledgers(std::vector<std::string> roles = {})
      : kafka_place<Cluster>{static_cast<int>(std::max<std::size_t>(1, roles.size()))},
        roles_{std::move(roles)} {}

  std::unique_ptr<stores::ledger> open(stores::ledger::listener& l, bool appends) override {
    return std::make_unique<kafka::ledger>(settings(), this->on(), l, appends);
  }
  void make_anew() override { this->at.make_anew(); }
  void remove_before(core::offset o) override { this->at.remove_before(o); }
  void cut_off() override { this->at.cut_off(); }
  void heal() override { this->at.heal(); }
  void break_off() override { this->at.break_off(); }

  std::unique_ptr<stores::membership> join(stores::membership::listener& m, milliseconds session) {
    auto c = *settings();
    c.session_timeout = session;
    return std::make_unique<kafka::membership>(std::make_shared<const kafka::config>(std::move(c)),
                                               this->on(), m);
  }
  using kafka_place<Cluster>::pass;

 private:
  std::shared_ptr<const kafka::config> settings() {
    auto c = this->at.on_it();
    c.lease = lease;
    if (!roles_.empty()) {
      c.arbitration = arbitration::group;
      c.roles = roles_;
      c.group_heartbeat_interval = 100ms;
    }
    return std::make_shared<const kafka::config>(std::move(c));
  }

  const std::vector<std::string> roles_;
};

template <class Cluster>
class kafka_memberships final : public memberships {
 public:
  /// A session joins once it has found the ledger.
  kafka_memberships() : log_{roles} {
    session = Cluster::session;
    reader{log_}.read_all();
  }

  void pass(milliseconds t) override { log_.pass(t); }
  std::unique_ptr<stores::membership> open(stores::membership::listener& l) override {
    return log_.join(l, session);
  }

 private:
  kafka_ledgers<Cluster> log_;
};

template <class Cluster>
store on(std::string name, std::set<ability> able) {
  able.insert({ability::cut_off, ability::health, ability::spread});
  return {std::move(name), std::move(able),
          [] { return std::make_unique<kafka_ledgers<Cluster>>(); },
          [] { return std::make_unique<kafka_memberships<Cluster>>(); }};
}

}  // namespace

store embedded_kafka() { return on<embedded_cluster>("embedded", {ability::break_off}); }

store real_kafka() {
  std::set<ability> able{ability::make_anew, ability::remove};
  if (rd_kafka_version() >= 0x020300ff) able.insert(ability::name);
  return on<real_cluster>("kafka", std::move(able));
}

}  // namespace neli::test::contract
