// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/ledger.hpp"

#include "attempt.hpp"
#include "stores/kafka/errors.hpp"
#include <neli/error.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace neli::stores::kafka {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr int ledger_partition = 0;
constexpr auto between_writers = 1000ms;

std::string subject_of(const config& c) { return "the leader topic '" + c.topic + "'"; }

/// How often health is checked.
milliseconds between_looks(const config& c) { return std::clamp(c.lease / 4, 50ms, 1000ms); }

/// Enough for a request that is answered at once, a fetch that waits, and another one. Longer than
/// the survey waits for one answer, so that the survey knows more by then than that there was none.
milliseconds answered_within(const config& c) {
  return std::max<milliseconds>({c.lease, 1500ms, 3 * fetch_wait(c)});
}

void* to_opaque(core::ticket t) { return reinterpret_cast<void*>(t); }
core::ticket to_ticket(void* p) { return reinterpret_cast<core::ticket>(p); }

}  // namespace

ledger::ledger(std::shared_ptr<const config> c, const strand& s, listener& l, bool appends)
    : config_{std::move(c)},
      strand_{s},
      listener_{l},
      reader_{std::make_unique<handle>(client::reader, config_, s,
                                       [this](auto& e) { reader_event(e); })},
      reads_{"reading the ledger", subject_of(*config_), config_, l},
      appends_{"appending to the ledger", subject_of(*config_), config_, l},
      timer_{s} {
  if (appends) make_writer();
}

ledger::~ledger() { stop(); }

void ledger::make_writer() {
  writer_ = std::make_unique<handle>(client::writer, config_, strand_,
                                     [this](auto& e) { writer_event(e); });
}

/// A failure is told after the call that caused it has returned, never within it.
template <class F>
void ledger::attempt(F f) {
  const auto e = neli::attempt(f);
  if (!e) return;
  asio::post(strand_, lifetime_.guard([this, e = *e] {
    if (!stopped_) listener_.failed(e.code, e.what);
  }));
}

void ledger::stop() {
  if (std::exchange(stopped_, true)) return;
  reading_ = false;
  timer_.cancel();
  reader_->stop();
  if (writer_) writer_->stop();
}

// --- reading ---

void ledger::read_back(std::uint64_t records) {
  stop_reading();
  records_ = records;
  start_clients();
  attempt([this] {
    survey_ = std::make_unique<survey>(config_, strand_, [this](const auto& f) { found(f); });
    reads_.expect(answered_within(*config_), [this] { return survey_->why_not_yet(); });
  });
}

void ledger::found(const findings& f) {
  reads_.expect_nothing();
  // The survey is destroyed later, as this runs within one of its calls.
  asio::post(strand_, [s = std::shared_ptr<survey>{std::move(survey_)}] {});
  if (stopped_) return;
  if (f.failure) return listener_.failed(f.failure, f.what);
  if (!std::exchange(warned_, true))
    for (const auto& w : f.warnings) config_->logger->warn("neli: {}", w);
  end_ = f.end;
  const auto back = static_cast<core::offset>(std::min<std::uint64_t>(records_, 1ULL << 62));
  const auto from = std::max(f.begin, f.end - back);
  as_of_ = f.as_of;
  start_reading(from);
  // The id is older than what is read now, so the records may be of a topic that was made since.
  // That does no harm. Ids are never reused, so if the next survey finds the same id, all records
  // read before it are of that one topic. And the reader concludes something only from an id that
  // is different: that a log is the same one it also recognizes by its records.
  listener_.reading(from, from == f.begin, f.log);
  if (reading_ && from == end_) listener_.end_reached();
}

/// Before the survey is done, as the clients also tell that no broker can be reached.
void ledger::start_clients() {
  if (std::exchange(started_, true)) return;
  reader_->start();
  if (writer_) writer_->start();
  watch();
}

void ledger::start_reading(core::offset from) {
  attempt([this] {
    if (!read_from_) read_from_ = topic_of(*reader_);
    if (writer_ && !append_to_) append_to_ = topic_of(*writer_);
  });
  if (!read_from_) return;
  if (rd_kafka_consume_start_queue(read_from_.get(), ledger_partition, from, reader_->queue()) != 0)
    return read_error(rd_kafka_last_error(), nullptr);
  reading_ = true;
  since_ = next_ = from;
  recognizing_ = false;
  expect_the_end();
}

/// Made before it is needed: librdkafka looks for the partition's broker at once then, which would
/// otherwise delay the first append by up to a second.
topic_ptr ledger::topic_of(handle& h) const {
  topic_ptr made{rd_kafka_topic_new(h.get(), config_->topic.c_str(), nullptr)};
  if (made) return made;
  const auto e = rd_kafka_last_error();
  throw neli::error{code_of(e, nullptr), reads_.explain(e, nullptr)};
}

/// When the partition moves, its old broker refuses appends but still answers fetches, as any
/// replica may; during a shutdown it answers with nothing new.
void ledger::look_for_the_partition() {
  const rd_kafka_metadata_t* answer = nullptr;
  // This does not wait for the answer; librdkafka uses it when it comes.
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
  if (may_be_of_another_log()) return recognize_the_log();
  const auto at = m.offset;
  const auto time = rd_kafka_message_timestamp(&m, nullptr);
  const auto taken = time > 0 ? static_cast<core::stamp>(time) : 0;
  const std::string_view value{static_cast<const char*>(m.payload), m.len};
  if (recognizing_ && (at + 1 != next_ || taken != last_taken_ || value != last_))
    return lose_the_log();
  heard_from_reader();
  if (!reading_) return;
  read_at_ = rd_kafka_message_broker_id(&m);
  if (std::exchange(recognizing_, false)) return;  // the listener has it already
  next_ = at + 1;
  last_taken_ = taken;
  last_ = value;
  listener_.record(at, taken, value);
  if (reading_ && at + 1 >= end_) listener_.end_reached();
}

void ledger::read_error(rd_kafka_resp_err_t error, const char* text) {
  if (stopped_) return;
  if (error == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    if (!reading_) return;
    if (may_be_of_another_log()) return recognize_the_log();
    if (recognizing_) return lose_the_log();
    heard_from_reader();
    if (reading_) listener_.end_reached();
    return;
  }
  if (severity_of(error, text) != severity::gone) return reads_.heard(error, text);
  if (reading_) lose(reads_.explain(error, text));
}

void ledger::lose(const std::string& why) {
  stop_reading();
  reads_.expect_nothing();
  listener_.gap(why);
}

/// While the process is paused or cut off, the topic can be made anew. Once the new one has grown
/// beyond what was read, neither Kafka nor librdkafka tells of it. A reader at offset 0 misses
/// nothing.
bool ledger::may_be_of_another_log() const {
  return next_ > 0 && clock::now() - as_of_ > answered_within(*config_);
}

/// Drops what has come and reads it again together with the record before it, by which the log is
/// recognized. Both are in one answer, and so of one log. The topic's id comes in another answer,
/// and so would prove less.
void ledger::recognize_the_log() {
  if (next_ > since_) return ask_whether_this_is_the_end();
  lose(subject_of(*config_) + ": so long after it was looked at it may be another one");
}

void ledger::lose_the_log() {
  lose(subject_of(*config_) + ": it was made anew, or has lost what was read at offset " +
       std::to_string(next_ - 1));
}

/// librdkafka tells nothing while there is nothing new, nor when the partition has no leader or a
/// broker is silent. Reading the last record again makes librdkafka tell once more of the end, or
/// of what is wrong; and that record shows that this is still the same log.
void ledger::ask_whether_this_is_the_end() {
  recognizing_ = next_ > since_;
  rd_kafka_seek(read_from_.get(), ledger_partition, recognizing_ ? next_ - 1 : next_, 0);
  silent_for_ = 0ms;
  if (recognizing_ || !reads_.troubled()) as_of_ = clock::now();
  if (!reads_.troubled()) expect_the_end();
}

void ledger::expect_the_end() {
  reads_.expect(answered_within(*config_), [this] {
    return health::reason{RD_KAFKA_RESP_ERR__TIMED_OUT, "asking for records from offset " +
                                                            std::to_string(next_) + ": no answer"};
  });
}

void ledger::heard_from_reader() {
  silent_for_ = 0ms;
  as_of_ = clock::now();
  reads_.well();
}

// --- appending ---

void ledger::append(core::ticket t, std::string value) {
  if (!append_to_) return;  // it could not be made, and `failed` is told
  const auto error = rd_kafka_producev(
      writer_->get(), RD_KAFKA_V_RKT(append_to_.get()), RD_KAFKA_V_PARTITION(ledger_partition),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(value.data(), value.size()),
      RD_KAFKA_V_OPAQUE(to_opaque(t)), RD_KAFKA_V_END);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    appending_.insert(t);
    return;
  }
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
      // The reader and the delivery reports tell of all other errors.
      const bool ends_it =
          rd_kafka_event_error_is_fatal(&e) != 0 || error == RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE;
      if (stopped_ || !ends_it) break;
      const auto* text = rd_kafka_event_error_string(&e);
      if (severity_of(error, text) == severity::refused) {
        until_anew_ = between_writers;
        return failed_to_append(error, text);
      }
      config_->logger->warn("neli: the producer is made anew: {}", appends_.explain(error, text));
      asio::post(strand_, lifetime_.guard([this] { make_writer_anew(); }));
      break;
    }
    default: break;
  }
}

void ledger::make_writer_anew() {
  if (stopped_) return;
  append_to_.reset();
  writer_.reset();
  until_anew_ = 0ms;
  attempt([this] {
    make_writer();
    writer_->start();
    if (read_from_) append_to_ = topic_of(*writer_);
  });
  // Whatever became of these, no one is left who could tell.
  for (const auto t : std::exchange(appending_, {}))
    if (!stopped_)
      listener_.append_failed(t, subject_of(*config_) + ": the producer was made anew");
}

void ledger::delivered(const rd_kafka_message_t& m) {
  const auto t = to_ticket(m._private);
  if (appending_.erase(t) == 0) return;
  if (m.err != RD_KAFKA_RESP_ERR_NO_ERROR) return append_failed(t, m.err, nullptr);
  appends_.well();
  if (stopped_) return;
  if (reading_ && rd_kafka_message_broker_id(&m) != read_at_) look_for_the_partition();
  compare_with_lease(std::chrono::microseconds{rd_kafka_message_latency(&m)});
  listener_.appended(t);
}

/// Nobody can read a heartbeat before its append is done, so the lease is shorter by that time.
/// Warned of again only when the time has doubled.
void ledger::compare_with_lease(std::chrono::microseconds append_took) {
  const auto bearable = config_->lease / 4;
  if (append_took <= std::max<std::chrono::microseconds>(bearable, 2 * longest_told_)) return;
  longest_told_ = append_took;
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(append_took).count();
  config_->logger->warn(
      "neli: an append to the ledger took {} ms, which is more than a quarter of the lease of {} "
      "ms: leadership is easily lost; set a lease of {} ms at least",
      ms, config_->lease.count(), 4 * ms);
}

void ledger::append_failed(core::ticket t, rd_kafka_resp_err_t error, const char* text) {
  failed_to_append(error, text);
  if (!stopped_) listener_.append_failed(t, appends_.explain(error, text));
}

void ledger::failed_to_append(rd_kafka_resp_err_t error, const char* text) {
  since_append_failed_ = 0ms;
  appends_.heard(error, text);
}

// --- health ---

void ledger::watch() {
  const auto t = between_looks(*config_);
  timer_.expires_after(t);
  timer_.async_wait(lifetime_.guard([this, t](boost::system::error_code ec) {
    if (ec || stopped_) return;
    look(t);
    if (!stopped_) watch();
  }));
}

void ledger::look(milliseconds after) {
  reads_.pass(after);
  if (!stopped_) appends_.pass(after);
  if (stopped_) return;
  look_at_reading(after);
  look_at_appending(after);
}

void ledger::look_at_reading(milliseconds after) {
  silent_for_ += after;
  if (!reading_ || reads_.expecting()) return;
  // Not before the last question could be answered, as asking again makes its answer void.
  const auto answer = std::max<milliseconds>(1s, 3 * fetch_wait(*config_));
  const auto bearable = reads_.troubled() ? answer : std::max(answer, config_->lease / 2);
  if (silent_for_ >= bearable) ask_whether_this_is_the_end();
}

/// A candidate that has nothing to append cannot find out whether appending works again, so the
/// trouble ends when nothing has failed for long.
void ledger::look_at_appending(milliseconds after) {
  if (until_anew_ > 0ms) {
    until_anew_ -= after;
    if (until_anew_ <= 0ms) make_writer_anew();
  }
  since_append_failed_ += after;
  const auto long_ago = 2 * config_->lease;
  if (!appends_.troubled() || !appending_.empty() || reads_.troubled()) return;
  if (since_append_failed_ >= long_ago)
    appends_.well(", as far as is known: nothing has failed for " + ms(long_ago) + " ms");
}

}  // namespace neli::stores::kafka
