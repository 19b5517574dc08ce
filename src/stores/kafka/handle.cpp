// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/handle.hpp"

#include "stores/kafka/make_client.hpp"

#include <boost/asio/post.hpp>

#include <string_view>
#include <utility>

namespace neli::stores::kafka {

namespace {

/// Events served before others on the strand get their turn.
constexpr int events_per_turn = 1000;

int events_of(client kind) {
  switch (kind) {
    case client::reader: return RD_KAFKA_EVENT_ERROR;
    case client::writer: return RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_DR;
    case client::member: return RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_REBALANCE;
    case client::administrator: return RD_KAFKA_EVENT_ERROR;
  }
  return 0;
}

spdlog::level::level_enum level_of(int syslog) {
  if (syslog <= 3) return spdlog::level::err;
  if (syslog == 4) return spdlog::level::warn;
  if (syslog <= 6) return spdlog::level::info;
  return spdlog::level::debug;
}

}  // namespace

handle::handle(client kind, std::shared_ptr<const config> c, const strand& s, on_event f)
    : config_{std::move(c)},
      strand_{s},
      on_event_{std::move(f)},
      wakeup_{std::make_shared<wakeup>(s)},
      client_{nullptr, client_deleter{s}} {
  auto conf = make_conf(kind, *config_);
  rd_kafka_conf_set_events(conf.get(), events_of(kind));
  client_.reset(make_client(kind, std::move(conf), *config_));
  if (kind == client::member) {
    rd_kafka_poll_set_consumer(client_.get());
    queue_.reset(rd_kafka_queue_get_consumer(client_.get()));
  } else {
    queue_.reset(rd_kafka_queue_get_main(client_.get()));
  }
  rd_kafka_set_log_queue(client_.get(), queue_.get());
}

handle::~handle() { stop(); }

void handle::client_deleter::operator()(rd_kafka_t* k) const { unmake_client(k, on); }

void handle::start() {
  wakeup_->start([this] { drain(); });
  rd_kafka_queue_io_event_enable(queue_.get(), wakeup_->descriptor(), &wakeup::token,
                                 sizeof wakeup::token);
  wakeup_->wake();  // for what came before
}

void handle::stop() {
  if (std::exchange(stopped_, true)) return;
  rd_kafka_queue_io_event_enable(queue_.get(), -1, nullptr, 0);
  wakeup_->stop();
}

void handle::drain() {
  for (int n = 0; !stopped_; ++n) {
    if (n == events_per_turn) {
      asio::post(strand_, lifetime_.guard([this] { drain(); }));
      return;
    }
    const event_ptr e{rd_kafka_queue_poll(queue_.get(), 0)};
    if (!e) return;
    serve(*e);
  }
}

void handle::expect_nothing(bool cooperative) {
  // librdkafka itself answers an assignment when no queue takes the event: from here on ...
  rd_kafka_queue_forward(queue_.get(), queue_ptr{rd_kafka_queue_new(client_.get())}.get());
  // ... and this answers an assignment that was told before.
  const partition_list nothing{rd_kafka_topic_partition_list_new(0)};
  if (cooperative) {
    const error_ptr ignored{rd_kafka_incremental_assign(client_.get(), nothing.get())};
  } else {
    rd_kafka_assign(client_.get(), nothing.get());
  }
}

void handle::serve(rd_kafka_event_t& e) {
  if (rd_kafka_event_type(&e) == RD_KAFKA_EVENT_LOG)
    log(e);
  else
    on_event_(e);
}

void handle::log(rd_kafka_event_t& e) {
  const char* facility = nullptr;
  const char* line = nullptr;
  int level = 0;
  if (rd_kafka_event_log(&e, &facility, &line, &level) != 0) return;
  // All kinds of client get the user's properties, and each warns of those that only another kind
  // uses.
  const bool idle =
      std::string_view{facility} == "CONFWARN" &&
      std::string_view{line}.find("will be ignored by this") != std::string_view::npos;
  config_->logger->log(idle ? spdlog::level::trace : level_of(level), "neli: librdkafka {}: {}",
                       facility, redacted(line, *config_));
}

}  // namespace neli::stores::kafka
