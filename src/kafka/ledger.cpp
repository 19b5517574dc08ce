// SPDX-License-Identifier: BSL-1.0
#include "kafka/ledger.hpp"

#include "kafka/errors.hpp"
#include "shell/attempt.hpp"
#include <neli/error.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace neli::kafka {

namespace {

constexpr int ledger_partition = 0;

void* to_opaque(core::ticket t) { return reinterpret_cast<void*>(t); }
core::ticket to_ticket(void* p) { return reinterpret_cast<core::ticket>(p); }

}  // namespace

ledger::ledger(std::shared_ptr<const config> c, const strand& s, listener& l)
    : config_{std::move(c)},
      strand_{s},
      listener_{l},
      reader_{std::make_unique<handle>(client::reader, config_, s,
                                       [this](auto& e) { reader_event(e); })} {}

ledger::~ledger() { stop(); }

void ledger::make_writer() {
  writer_ = std::make_unique<handle>(client::writer, config_, strand_,
                                     [this](auto& e) { writer_event(e); });
}

void ledger::stop() {
  if (std::exchange(stopped_, true)) return;
  reader_->stop();
  if (writer_) writer_->stop();
}

// --- reading ---

void ledger::read_back(std::uint64_t records) {
  stop_reading();
  records_ = records;
  start_clients();
  shell::attempt(listener_, [this] {
    survey_ = std::make_unique<survey>(config_, strand_, [this](const auto& f) { found(f); });
  });
}

void ledger::found(const findings& f) {
  // Not from within a call of the survey's.
  asio::post(strand_, [s = std::shared_ptr<survey>{std::move(survey_)}] {});
  if (stopped_) return;
  if (f.failure) return listener_.failed(f.failure, f.what);
  if (!std::exchange(warned_, true))
    for (const auto& w : f.warnings) config_->logger->warn("neli: {}", w);
  end_ = f.end;
  const auto back = static_cast<core::offset>(std::min<std::uint64_t>(records_, 1ULL << 62));
  const auto from = std::max(f.begin, f.end - back);
  start_reading(from);
  // librdkafka 2.0 does not tell a topic's id.
  listener_.reading(from, from == f.begin, {});
  if (reading_ && from == end_) listener_.end_reached();
}

/// From the beginning, for they also tell that no broker can be reached.
void ledger::start_clients() {
  if (std::exchange(started_, true)) return;
  reader_->start();
  if (writer_) writer_->start();
}

void ledger::start_reading(core::offset from) {
  if (!read_from_) read_from_ = topic_of(*reader_);
  if (writer_ && !append_to_) append_to_ = topic_of(*writer_);
  if (rd_kafka_consume_start_queue(read_from_.get(), ledger_partition, from, reader_->queue()) != 0)
    return read_error(rd_kafka_last_error(), nullptr);
  reading_ = true;
}

/// Made before it is needed: librdkafka looks for the partition's broker at once, and would take up
/// to a second over that when the first record is to be appended.
topic_ptr ledger::topic_of(handle& h) const {
  return topic_ptr{rd_kafka_topic_new(h.get(), config_->leader_topic.c_str(), nullptr)};
}

/// When the partition moves, the old broker refuses what is appended but goes on to answer who
/// reads, as any replica may, and amid a shutdown that is with nothing new.
void ledger::look_for_the_partition() {
  const rd_kafka_metadata_t* answer = nullptr;
  // Asked, but not waited for: librdkafka itself heeds the answer.
  if (rd_kafka_metadata(reader_->get(), 0, read_from_.get(), &answer, 0) ==
      RD_KAFKA_RESP_ERR_NO_ERROR)
    rd_kafka_metadata_destroy(answer);
}

void ledger::stop_reading() {
  if (std::exchange(reading_, false)) rd_kafka_consume_stop(read_from_.get(), ledger_partition);
}

void ledger::reader_event(rd_kafka_event_t& e) {
  switch (rd_kafka_event_type(&e)) {
    case RD_KAFKA_EVENT_FETCH:
      while (const auto* m = rd_kafka_event_message_next(&e))
        if (reading_) read(*m);
      break;
    case RD_KAFKA_EVENT_ERROR:
      read_error(rd_kafka_event_error(&e), rd_kafka_event_error_string(&e));
      break;
    default: break;
  }
}

void ledger::read(const rd_kafka_message_t& m) {
  if (m.err != RD_KAFKA_RESP_ERR_NO_ERROR) return read_error(m.err, rd_kafka_message_errstr(&m));
  well(reads_);
  read_at_ = rd_kafka_message_broker_id(&m);
  const auto at = m.offset;
  const auto taken = rd_kafka_message_timestamp(&m, nullptr);
  listener_.record(at, taken > 0 ? static_cast<core::stamp>(taken) : 0,
                   {static_cast<const char*>(m.payload), m.len});
  if (reading_ && at + 1 >= end_) listener_.end_reached();
}

void ledger::read_error(rd_kafka_resp_err_t error, const char* text) {
  if (stopped_) return;
  if (error == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    well(reads_);
    if (reading_) listener_.end_reached();
    return;
  }
  switch (severity_of(error)) {
    case severity::passing: return trouble(reads_, error, text);
    case severity::gone:
      if (!reading_) return;
      stop_reading();
      return listener_.gap(explain(error, text));
    case severity::denied:
    case severity::hopeless: return listener_.failed(code_of(error), explain(error, text));
  }
}

// --- appending ---

void ledger::expect_appends() {
  if (writer_ || stopped_) return;
  shell::attempt(listener_, [this] {
    make_writer();
    if (started_) writer_->start();
    if (read_from_) append_to_ = topic_of(*writer_);
  });
}

void ledger::append(core::ticket t, std::string value) {
  const auto error = rd_kafka_producev(
      writer_->get(), RD_KAFKA_V_RKT(append_to_.get()), RD_KAFKA_V_PARTITION(ledger_partition),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(value.data(), value.size()),
      RD_KAFKA_V_OPAQUE(to_opaque(t)), RD_KAFKA_V_END);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  asio::post(strand_, lifetime_.guard([this, t, error] {
    if (!stopped_) append_failed(t, error, nullptr);
  }));
}

void ledger::writer_event(rd_kafka_event_t& e) {
  switch (rd_kafka_event_type(&e)) {
    case RD_KAFKA_EVENT_DR:
      while (const auto* m = rd_kafka_event_message_next(&e))
        if (!stopped_) delivered(*m);
      break;
    case RD_KAFKA_EVENT_ERROR: {
      const auto error = rd_kafka_event_error(&e);
      // The reader and the reports tell the rest.
      if (stopped_ || !rd_kafka_event_error_is_fatal(&e)) break;
      const auto why = explain(error, rd_kafka_event_error_string(&e));
      const auto s = severity_of(error);
      if (s == severity::denied || s == severity::hopeless)
        return listener_.failed(code_of(error), why);
      config_->logger->warn("neli: the producer is made anew: {}", why);
      asio::post(strand_, lifetime_.guard([this] {
        if (stopped_) return;
        append_to_.reset();
        writer_.reset();
        expect_appends();
      }));
      break;
    }
    default: break;
  }
}

void ledger::delivered(const rd_kafka_message_t& m) {
  const auto t = to_ticket(m._private);
  if (m.err != RD_KAFKA_RESP_ERR_NO_ERROR) return append_failed(t, m.err, nullptr);
  well(appends_);
  if (reading_ && rd_kafka_message_broker_id(&m) != read_at_) look_for_the_partition();
  compare_with_lease(std::chrono::microseconds{rd_kafka_message_latency(&m)});
  listener_.appended(t);
}

/// A heartbeat takes this long before anybody can read it, out of a lease. Told again when it has
/// doubled.
void ledger::compare_with_lease(std::chrono::microseconds append_took) {
  const auto bearable = config_->lease / 4;
  if (append_took <= std::max<std::chrono::microseconds>(bearable, 2 * longest_told_)) return;
  longest_told_ = append_took;
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(append_took).count();
  config_->logger->warn(
      "neli: an append to the ledger took {} ms, which is more than a quarter of the lease of {} "
      "ms: a longer lease, of {} ms at least, is not so easily lost",
      ms, config_->lease.count(), 4 * ms);
}

void ledger::append_failed(core::ticket t, rd_kafka_resp_err_t error, const char* text) {
  if (severity_of(error) == severity::denied)
    return listener_.failed(code_of(error), explain(error, text));
  trouble(appends_, error, text);
  listener_.append_failed(t, explain(error, text));
}

// --- health ---

void ledger::trouble(direction& d, rd_kafka_resp_err_t error, const char* text) {
  if (std::exchange(d.troubled, true)) return;
  listener_.trouble(code_of(error),
                    std::string{d.name} + " does not work, trying again: " + explain(error, text));
}

void ledger::well(direction& d) {
  if (std::exchange(d.troubled, false)) listener_.trouble({}, std::string{d.name} + " works again");
}

std::string ledger::explain(rd_kafka_resp_err_t error, const char* text) const {
  return "the leader topic '" + config_->leader_topic +
         "': " + redacted(describe(error, text), *config_);
}

}  // namespace neli::kafka
