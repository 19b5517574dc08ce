// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/membership.hpp"

#include "stores/kafka/assignment.hpp"
#include "stores/kafka/joining_member.hpp"
#include "stores/kafka/leaving_member.hpp"
#include <neli/error.hpp>

#include <algorithm>
#include <utility>

namespace neli::stores::kafka {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// How long a candidate that leaves waits for the group. After that the good-bye goes on in the
/// background.
constexpr auto leaving_takes_at_most = 1000ms;
constexpr auto leaving_is_watched_every = 5ms;
/// Not more often, as asking for the member's id interrupts librdkafka's main thread.
constexpr auto health_is_looked_at_every = 1000ms;
/// When a session is over librdkafka notices it only by a timer, and the look at health adds to
/// that.
constexpr auto until_dropped = 3000ms;
/// How long the coordinator waits for members before a group's first rebalance, and some more.
constexpr auto forming_takes = 6000ms;

/// How long a process may neglect its membership, and so how long a rebalance may wait for it.
milliseconds rebalancing_takes_at_most(const config& c) {
  return std::max(c.session_timeout, c.barrier_timeout + 1s);
}

}  // namespace

membership::membership(std::shared_ptr<const config> c, const strand& s, listener& l)
    : config_{std::move(c)},
      listener_{l},
      strand_{s},
      handle_{
          std::make_unique<handle>(client::member, config_, s, [this](auto& e) { on_event(e); })},
      timer_{s},
      health_{"taking part in the group", "the group '" + config_->group_id + "'", config_, l} {}

membership::~membership() {
  stop();
  if (leaving()) {
    if (revoked_) answer(*revoked_);
    // No longer than that, as the group then has dropped the member by itself.
    const auto at_most = std::max(config_->session_timeout, joining() ? a_long_time : 0ms);
    linger(
        std::make_unique<leaving_member>(std::move(handle_), good_bye_, joining(), cooperative()),
        strand_, at_most);
  } else if (joining()) {
    linger(std::make_unique<joining_member>(std::move(handle_)), strand_);
  } else if (subscribed_ && !good_bye_.said()) {
    handle_->expect_nothing(cooperative());
  }
}

/// Whether it is not yet safe to destroy the client, or to make it leave.
bool membership::joining() const {
  return subscribed_ && !assigned_once_ && cooperative() && must_linger_until_assigned();
}

/// Whether its good-bye has still to be said or to be answered.
bool membership::leaving() const { return subscribed_ && leaves_ && !good_bye_.over(*handle_); }

void membership::stop() {
  stopped_ = true;
  timer_.cancel();
  handle_->stop();
}

// --- joining ---

void membership::join() {
  if (std::exchange(subscribed_, true)) return;
  handle_->start();
  expect_coordinator();
  subscribe();
  look_after();
}

void membership::subscribe() {
  assigned_once_ = false;
  const partition_list topics{rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(topics.get(), config_->topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto e = rd_kafka_subscribe(handle_->get(), topics.get());
  if (e != RD_KAFKA_RESP_ERR_NO_ERROR) error(e, nullptr);
}

/// Called often, as librdkafka takes a member for dead that does not poll for too long.
void membership::look_after() {
  handle_->drain();
  if (stopped_) return;
  if (!outstanding_.empty() && rd_kafka_assignment_lost(handle_->get())) lose(*revoked_);
  if (left_) {
    if (subscribed_ && !joining()) good_bye_.go_on(*handle_);
    const bool gave_up = std::chrono::steady_clock::now() >= give_up_;
    if (!leaving() || gave_up) return left();
    return look_again_after(leaving_is_watched_every);
  }
  nudge();
  look_at_health();
  if (stopped_) return;
  look_again_after(config_->group_heartbeat_interval);
}

/// librdkafka looks by a timer every half a second whether a heartbeat is due, and also when it is
/// asked for something. A commit of nothing makes it look, and does nothing else.
void membership::nudge() {
  const partition_list nothing{rd_kafka_topic_partition_list_new(0)};
  rd_kafka_commit(handle_->get(), nothing.get(), 1);
}

void membership::look_again_after(std::chrono::milliseconds t) {
  timer_.expires_after(t);
  timer_.async_wait(lifetime_.guard([this](boost::system::error_code ec) {
    if (!ec && !stopped_) look_after();
  }));
}

// --- what the group says ---

void membership::on_event(rd_kafka_event_t& e) {
  switch (rd_kafka_event_type(&e)) {
    case RD_KAFKA_EVENT_REBALANCE: rebalance(e); break;
    case RD_KAFKA_EVENT_ERROR:
      error(rd_kafka_event_error(&e), rd_kafka_event_error_string(&e));
      break;
    case RD_KAFKA_EVENT_FETCH:
      // The consumer's errors also come as messages.
      while (const auto* m = rd_kafka_event_message_next(&e))
        if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) error(m->err, rd_kafka_message_errstr(m));
      break;
    default: break;
  }
}

void membership::rebalance(rd_kafka_event_t& e) {
  auto* list = rd_kafka_event_topic_partition_list(&e);
  switch (rd_kafka_event_error(&e)) {
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS: return assign(*list);
    case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS: return revoke(*list);
    default:
      error(rd_kafka_event_error(&e), rd_kafka_event_error_string(&e));
      rd_kafka_assign(handle_->get(), nullptr);
  }
}

void membership::assign(rd_kafka_topic_partition_list_t& list) {
  health_.well();
  assigned_once_ = true;
  assigned_ = true;
  known_as_ = member_id(handle_->get());
  kept_for_ = 0ms;
  take(handle_->get(), list, cooperative());
  for (int i = 0; i < list.cnt; ++i)
    if (const auto* role = role_of(list.elems[i]); role && !stopped_) listener_.assigned(*role);
}

void membership::revoke(rd_kafka_topic_partition_list_t& list) {
  if (rd_kafka_assignment_lost(handle_->get())) return lose(list);
  revoked_.reset(rd_kafka_topic_partition_list_copy(&list));
  for (int i = 0; i < list.cnt; ++i)
    if (const auto* role = role_of(list.elems[i])) outstanding_.insert(*role);
  for (const auto& role : std::set{outstanding_})
    if (!stopped_) listener_.asked_back(role);
  answer_if_given_back();
}

void membership::lose(rd_kafka_topic_partition_list_t& list) {
  outstanding_.clear();
  std::vector<std::string> roles;
  for (int i = 0; i < list.cnt; ++i)
    if (const auto* role = role_of(list.elems[i])) roles.push_back(*role);
  answer(list);
  revoked_.reset();
  assigned_ = false;
  expect_assignment();
  for (const auto& role : roles)
    if (!stopped_) listener_.lost(role);
}

void membership::give_back(const std::string& role) {
  outstanding_.erase(role);
  answer_if_given_back();
}

void membership::answer_if_given_back() {
  if (!outstanding_.empty()) return;
  if (const auto list = std::exchange(revoked_, nullptr)) answer(*list);
}

void membership::answer(rd_kafka_topic_partition_list_t& list) {
  yield_up(handle_->get(), list, cooperative());
}

// --- leaving ---

void membership::leave(std::function<void()> left) {
  leaves_ = true;
  left_ = std::move(left);
  give_up_ = std::chrono::steady_clock::now() + leaving_takes_at_most;
  look_again_after(0ms);
}

/// What the group says from now on is answered, but not told any more.
void membership::left() {
  stopped_ = true;
  timer_.cancel();
  std::exchange(left_, nullptr)();
}

// --- health ---

void membership::error(rd_kafka_resp_err_t e, const char* text) {
  if (stopped_ || left_) return;
  kept_for_ = 0ms;
  health_.heard(e, text);
}

/// librdkafka does not tell of a coordinator that cannot be found, nor of one that is back. But the
/// coordinator gives the member its id, and librdkafka drops the id when the coordinator has been
/// silent for a session.
void membership::look_at_health() {
  since_look_ += config_->group_heartbeat_interval;
  if (since_look_ < health_is_looked_at_every) return;
  const auto t = std::exchange(since_look_, 0ms);
  const auto before = std::exchange(known_as_, member_id(handle_->get()));
  if (known_as_ != before) {
    assigned_ = false;
    if (known_as_.empty())
      expect_coordinator();
    else
      expect_assignment();
  } else if (assigned_) {
    kept_for_ += t;
    if (kept_for_ > config_->session_timeout + until_dropped) health_.well();
  }
  health_.pass(t);
}

void membership::expect_coordinator() {
  health_.expect(std::max<milliseconds>(config_->lease, 2 * health_is_looked_at_every), [] {
    return health::reason{RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
                          "no coordinator of the group has let it in"};
  });
}

void membership::expect_assignment() {
  health_.expect(forming_takes + rebalancing_takes_at_most(*config_) + config_->lease, [] {
    return health::reason{RD_KAFKA_RESP_ERR__TIMED_OUT, "the group has not assigned anything"};
  });
}

bool membership::cooperative() const { return config_->assignor == assignor::cooperative_sticky; }

const std::string* membership::role_of(const rd_kafka_topic_partition_t& p) const {
  const auto i = static_cast<std::size_t>(p.partition);
  return p.partition >= 0 && i < config_->roles.size() ? &config_->roles[i] : nullptr;
}

}  // namespace neli::stores::kafka
