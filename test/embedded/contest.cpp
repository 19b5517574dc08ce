// SPDX-License-Identifier: BSL-1.0
#include "embedded/contest.hpp"

#include "support/witness.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <utility>

namespace neli::test {

using namespace std::chrono_literals;

namespace {

constexpr auto look_every = 5ms;
constexpr std::int32_t the_broker = 1;

/// Each contest has a name of its own: otherwise a client that lingers could join the group of a
/// later mock on the same port.
std::string new_name() {
  static std::atomic<int> n{0};
  return "embedded-" + std::to_string(++n);
}

void succeeded(rd_kafka_resp_err_t e) {
  if (e != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error{rd_kafka_err2str(e)};
}

}  // namespace

const char* to_string(api a) noexcept {
  switch (a) {
    case api::produce: return "Produce";
    case api::fetch: return "Fetch";
    case api::list_offsets: return "ListOffsets";
    case api::metadata: return "Metadata";
    case api::find_coordinator: return "FindCoordinator";
    case api::join_group: return "JoinGroup";
    case api::heartbeat: return "Heartbeat";
    case api::leave_group: return "LeaveGroup";
    case api::sync_group: return "SyncGroup";
    case api::init_producer_id: return "InitProducerId";
  }
  return "?";
}

contest::contest(asio::io_context& c) : timer_{c}, config_{broker_.config(new_name())} {
  kafka_.arbitration = arbitration::group;
  kafka_.group_id = config_.ledger;
  kafka_.session_timeout = session;
  kafka_.group_heartbeat_interval = 100ms;
  kafka_.properties["fetch.wait.max.ms"] = "50";  // not shorter, as many contests are held at once
  config_.lease = lease;
  config_.logger = no_logger();
}

void contest::start() {
  config_.store = kafka_;
  for (const auto* name : {"a", "b"}) {
    config_.name = name;
    candidates_.emplace_back(timer_.get_executor(), config_);
    candidates_.back().wait_closed([failure = failure_](error_code e) {
      if (e) *failure = e;
    });
  }
}

// --- watching ---

asio::awaitable<bool> contest::until(std::function<bool()> condition, milliseconds timeout) {
  const auto end = clock::now() + timeout;
  while (true) {
    look();
    if (condition()) co_return true;
    if (clock::now() >= end) co_return false;
    const auto before = clock::now() - time_without_a_processor();
    timer_.expires_after(look_every);
    co_await timer_.async_wait(asio::use_awaitable);
    const auto after = clock::now() - time_without_a_processor();
    longest_block_ =
        std::max(longest_block_, std::chrono::duration_cast<milliseconds>(after - before));
  }
}

asio::awaitable<void> contest::pass(milliseconds t) {
  co_await until([] { return false; }, t);
}

void contest::look() {
  const auto leaders = std::count_if(candidates_.begin(), candidates_.end(),
                                     [](const auto& c) { return c.is_leader(); });
  if (leaders > 1) violation_ = "two lead at once";
  const auto* now = leader();
  const auto term = now ? now->term() : std::nullopt;
  if (!term) return;
  const bool same = term->token() == token_ && now == holder_;
  if (!same && term->token() <= token_)
    violation_ =
        "the token " + std::to_string(term->token()) + " follows " + std::to_string(token_);
  token_ = term->token();
  holder_ = now;
}

candidate* contest::leader() {
  const auto found = std::find_if(candidates_.begin(), candidates_.end(),
                                  [](const auto& c) { return c.is_leader(); });
  return found == candidates_.end() ? nullptr : &*found;
}

bool contest::led_since(clock::time_point t) {
  const auto* who = leader();
  const auto term = who ? who->term() : std::nullopt;
  return term && term->deadline() > t + lease;
}

bool contest::all_closed() const {
  return std::all_of(candidates_.begin(), candidates_.end(),
                     [](const auto& c) { return c.state() == candidate_state::closed; });
}

// --- breaking ---

void contest::inject(api a, rd_kafka_resp_err_t e, int times) {
  for (int i = 0; i < times; ++i)
    succeeded(rd_kafka_mock_broker_push_request_error_rtts(broker_.native_handle(), the_broker,
                                                           static_cast<std::int16_t>(a), 1, e, 0));
}

std::size_t contest::left(api a) const {
  std::size_t n = 0;
  succeeded(rd_kafka_mock_broker_error_stack_cnt(broker_.native_handle(), the_broker,
                                                 static_cast<std::int16_t>(a), &n));
  return n;
}

void contest::set_topic_error(rd_kafka_resp_err_t e) {
  rd_kafka_mock_topic_set_error(broker_.native_handle(), config_.ledger.c_str(), e);
}

void contest::set_down(bool down) {
  succeeded(down ? rd_kafka_mock_broker_set_down(broker_.native_handle(), the_broker)
                 : rd_kafka_mock_broker_set_up(broker_.native_handle(), the_broker));
}

void contest::set_round_trip(milliseconds t) {
  succeeded(rd_kafka_mock_broker_set_rtt(broker_.native_handle(), the_broker,
                                         static_cast<int>(t.count())));
}

}  // namespace neli::test
