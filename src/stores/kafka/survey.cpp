// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/survey.hpp"

#include "attempt.hpp"
#include "stores/kafka/errand.hpp"
#include "stores/kafka/errors.hpp"
#include "stores/kafka/handle.hpp"
#include "stores/kafka/linger.hpp"
#include "stores/kafka/make_client.hpp"
#include "stores/kafka/topic_id.hpp"
#include "stores/kafka/wakeup.hpp"
#include <neli/error.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace neli::stores::kafka {

using namespace std::chrono_literals;

namespace {

using metadata_ptr = owned<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;
using options = owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using new_topic = owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using resource = owned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;

/// How long to wait for one answer.
constexpr auto patience = 1000ms;
constexpr auto longest_pause = 100ms;
constexpr int wanted_replicas = 3;
constexpr int wanted_in_sync = 2;
constexpr auto kept_for = 24h;
constexpr auto segment = 1h;
constexpr int leases_to_keep = 10;

/// The ledger is partition 0; a group spreads as many partitions as there are roles.
int partitions_for(const config& c) {
  return c.arbitration == arbitration::group ? static_cast<int>(c.roles.size()) : 1;
}

/// A copy for the thread, without what the user has given to be called: the thread neither calls
/// nor destroys that.
config only_data_of(const config& c) {
  auto copy = c;
  copy.logger = nullptr;
  return copy;
}

}  // namespace

/// What the strand and the thread share. The thread touches nothing else, and may be the last
/// owner.
struct survey::work {
  work(const config& c, const strand& s)
      : config_{only_data_of(c)},
        partitions{partitions_for(config_)},
        bell{std::make_shared<wakeup>(s)} {}

  // --- on the thread ---

  void run() {
    rd_kafka_t* made = nullptr;
    const auto failure = attempt([&] {
      auto conf = make_conf(client::administrator, config_);
      rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_ERROR);
      made = make_client(client::administrator, std::move(conf), config_);
      look_until_found(made);
    });
    if (failure) {
      found.failure = failure->code;
      found.what = failure->what;
    }
    tell();
    if (made) destroy_client(made);
  }

  void look_until_found(rd_kafka_t* k) {
    const queue_ptr said{rd_kafka_queue_get_main(k)};
    for (auto pause = 10ms; !stopped && !look(k); pause = std::min(2 * pause, longest_pause)) {
      hear(said.get());
      std::this_thread::sleep_for(pause);
    }
  }

  /// Reads why it takes so long, where no request's outcome tells.
  void hear(rd_kafka_queue_t* said) {
    while (const event_ptr e{rd_kafka_queue_poll(said, 0)}) {
      const auto error = rd_kafka_event_error(e.get());
      if (severity_of(error, rd_kafka_event_error_string(e.get())) == severity::echo) continue;
      not_now(error, rd_kafka_event_error_string(e.get()));
      knows_cause = true;
    }
  }

  /// False: try again.
  bool look(rd_kafka_t* k) {
    found = {};
    now_at("asking whether the topic exists");
    const topic_ptr asked{rd_kafka_topic_new(k, config_.topic.c_str(), nullptr)};
    const rd_kafka_metadata_t* m = nullptr;
    const auto error = rd_kafka_metadata(k, 0, asked.get(), &m, static_cast<int>(patience.count()));
    const metadata_ptr metadata{m};
    if (!metadata || metadata->topic_cnt != 1) return not_now(error);
    knows_cause = false;
    const auto& topic = metadata->topics[0];
    if (topic.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
      return create(k, metadata->broker_cnt);
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR) return not_now(topic.err);
    check_partitions(topic);
    now_at("looking for the leader of its partition 0");
    if (const auto why = error_of_ledger(topic); why != RD_KAFKA_RESP_ERR_NO_ERROR)
      return not_now(why);
    now_at("asking for its settings");
    const auto broker = metadata->orig_broker_id;
    const queue_ptr ids{rd_kafka_queue_new(k)};
    const bool asked_for_id = ask_for_topic_id(k, config_.topic, broker, ids.get());
    check_settings(k, broker);
    if (asked_for_id) found.log = topic_id_in(await(ids.get(), patience).get());
    now_at("asking where it ends");
    return find_ends(k);
  }

  static rd_kafka_resp_err_t error_of_ledger(const rd_kafka_metadata_topic& topic) {
    for (int i = 0; i < topic.partition_cnt; ++i)
      if (const auto& p = topic.partitions[i]; p.id == 0 && p.leader < 0)
        return p.err != RD_KAFKA_RESP_ERR_NO_ERROR ? p.err : RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
  }

  bool find_ends(rd_kafka_t* k) {
    found.as_of = clock::now();
    auto error = offset_of(k, RD_KAFKA_OFFSET_BEGINNING, found.begin);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = offset_of(k, RD_KAFKA_OFFSET_END, found.end);
    return error == RD_KAFKA_RESP_ERR_NO_ERROR || not_now(error);
  }

  /// Uses the function for times, which takes these two offsets as well: the function that is made
  /// for them ignores its timeout while the broker is away.
  rd_kafka_resp_err_t offset_of(rd_kafka_t* k, std::int64_t which, core::offset& to) const {
    const partition_list asked{rd_kafka_topic_partition_list_new(1)};
    auto* p = rd_kafka_topic_partition_list_add(asked.get(), config_.topic.c_str(), 0);
    p->offset = which;
    auto error = rd_kafka_offsets_for_times(k, asked.get(), static_cast<int>(patience.count()));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = p->err;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) to = p->offset;
    return error;
  }

  // --- trying again ---

  void now_at(const char* step) {
    at = step;
    // An earlier answer says more than a missing one.
    if (!answered) remember(RD_KAFKA_RESP_ERR__TIMED_OUT, std::string{at} + ": no answer");
  }

  bool not_now(rd_kafka_resp_err_t error, const char* text = nullptr) {
    if (severity_of(error, text) == severity::refused)
      return refused(error, code_of(error, text),
                     std::string{at} + ": " + describe_error(error, text));
    refused_since.reset();
    answered = true;
    // The request's outcome says only that a connection has failed, and the cause of that is known.
    if (knows_cause && !text && error == RD_KAFKA_RESP_ERR__TRANSPORT) return false;
    remember(error, std::string{at} + ": " + describe_error(error, text));
    return false;
  }

  /// Final when it is still the answer after a while.
  bool refused(rd_kafka_resp_err_t error, boost::system::error_code code, const std::string& what) {
    const auto now = std::chrono::steady_clock::now();
    if (!refused_since) refused_since = now;
    if (now - *refused_since >= until_believed(config_))
      throw neli::error{code, subject() + ": " + what};
    answered = true;
    remember(error, what);
    return false;
  }

  void remember(rd_kafka_resp_err_t error, std::string what) {
    const std::lock_guard lock{mutex};
    why_not = {error, std::move(what)};
  }

  // --- making it ---

  /// False: look again whether it exists now.
  bool create(rd_kafka_t* k, int brokers) {
    now_at("creating it");
    if (!config_.create_topic)
      throw neli::error{errc::no_ledger, subject() + " does not exist, and create_topic is false"};
    const int replicas = std::clamp(brokers, 1, wanted_replicas);
    std::array<char, 512> text{};
    const new_topic topic{rd_kafka_NewTopic_new(config_.topic.c_str(), partitions, replicas,
                                                text.data(), text.size())};
    if (!topic) throw neli::error{errc::no_ledger, subject() + ": " + text.data()};
    const auto set = [&](const char* key, const std::string& value) {
      rd_kafka_NewTopic_set_config(topic.get(), key, value.c_str());
    };
    set("cleanup.policy", "delete");
    set("retention.ms", ms(kept_for));
    set("segment.ms", ms(segment));
    set("min.insync.replicas", std::to_string(replicas == wanted_replicas ? wanted_in_sync : 1));
    set("unclean.leader.election.enable", "false");
    // With CreateTime, a machine whose clock is wrong has its appends refused, or the ledger
    // deleted.
    set("message.timestamp.type", "LogAppendTime");

    const queue_ptr answers{rd_kafka_queue_new(k)};
    auto* one = topic.get();
    rd_kafka_CreateTopics(k, &one, 1, nullptr, answers.get());
    const auto e = await(answers.get());
    if (!e) return not_now(RD_KAFKA_RESP_ERR__TIMED_OUT);
    std::size_t n = 0;
    const auto* result = rd_kafka_event_CreateTopics_result(e.get());
    const auto* const* topics = result ? rd_kafka_CreateTopics_result_topics(result, &n) : nullptr;
    if (n != 1)
      return cannot_create(rd_kafka_event_error(e.get()), rd_kafka_event_error_string(e.get()));
    switch (const auto error = rd_kafka_topic_result_error(topics[0]); error) {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        note("created " + subject() + ", partitions = " + std::to_string(partitions) +
             ", replicas = " + std::to_string(replicas));
        return false;
      case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return false;  // another candidate was quicker
      default: return cannot_create(error, rd_kafka_topic_result_error_string(topics[0]));
    }
  }

  bool cannot_create(rd_kafka_resp_err_t error, const char* text) {
    const auto what = "does not exist and cannot be created: " + describe_error(error, text);
    switch (error) {
      case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
      case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
        throw neli::error{errc::no_ledger, subject() + " " + what};
      case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
        return refused(error, errc::no_ledger, "it " + what);
      default: note_once(subject() + " " + what + "; trying again"); return not_now(error, text);
    }
  }

  // --- checking it ---

  void check_partitions(const rd_kafka_metadata_topic& topic) {
    if (topic.partition_cnt < partitions)
      throw neli::error{errc::unusable_ledger,
                        subject() + " has " + std::to_string(topic.partition_cnt) +
                            " partitions, " + std::to_string(partitions) +
                            " are needed, one for each of the group's roles"};
    for (int i = 0; i < topic.partition_cnt; ++i)
      if (topic.partitions[i].id == 0 && topic.partitions[i].replica_cnt < wanted_replicas)
        warn("replicas = " + std::to_string(topic.partitions[i].replica_cnt) +
             " instead of at least " + std::to_string(wanted_replicas) +
             ": a broker's loss can stop the election");
  }

  void check_settings(rd_kafka_t* k, std::int32_t broker) {
    const resource topic{
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, config_.topic.c_str())};
    const options any{rd_kafka_AdminOptions_new(k, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS)};
    // Without this it would ask the controller, which may not be there.
    rd_kafka_AdminOptions_set_broker(any.get(), broker, nullptr, 0);
    const queue_ptr answers{rd_kafka_queue_new(k)};
    auto* one = topic.get();
    rd_kafka_DescribeConfigs(k, &one, 1, any.get(), answers.get());
    const auto e = await(answers.get());
    std::size_t n = 0;
    const auto* result = e ? rd_kafka_event_DescribeConfigs_result(e.get()) : nullptr;
    const auto* const* resources =
        result ? rd_kafka_DescribeConfigs_result_resources(result, &n) : nullptr;
    const auto error = n == 1 ? rd_kafka_ConfigResource_error(resources[0])
                       : e    ? rd_kafka_event_error(e.get())
                              : RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
      return warn("its settings could not be read: " + describe_error(error, nullptr));
    check(settings_of(*resources[0]));
  }

  static std::map<std::string, std::string> settings_of(const rd_kafka_ConfigResource_t& r) {
    std::map<std::string, std::string> settings;
    std::size_t n = 0;
    const auto* const* entries = rd_kafka_ConfigResource_configs(&r, &n);
    for (std::size_t i = 0; i < n; ++i) {
      const auto* value = rd_kafka_ConfigEntry_value(entries[i]);
      settings[rd_kafka_ConfigEntry_name(entries[i])] = value ? value : "";
    }
    return settings;
  }

  void check(const std::map<std::string, std::string>& settings) {
    const auto text = [&](const char* key) {
      const auto found_at = settings.find(key);
      return found_at == settings.end() ? std::string{} : found_at->second;
    };
    const auto number = [&](const char* key) {
      const auto value = text(key);
      long long n = -1;
      std::from_chars(value.data(), value.data() + value.size(), n);
      return n;
    };
    if (number("min.insync.replicas") < wanted_in_sync)
      warn("min.insync.replicas = " + text("min.insync.replicas") + " instead of at least " +
           std::to_string(wanted_in_sync) + ": a broker's loss can lose acknowledged records");
    if (text("unclean.leader.election.enable") == "true")
      warn("unclean.leader.election.enable = true: acknowledged records can be lost");
    if (const auto policy = text("cleanup.policy"); policy.find("compact") != std::string::npos)
      throw neli::error{errc::unusable_ledger,
                        subject() + ": cleanup.policy = " + policy +
                            ": must not contain compact, as Kafka refuses records without a key "
                            "then, and neli's have none"};
    if (const auto time = text("message.timestamp.type"); time == "CreateTime")
      warn(
          "message.timestamp.type = " + time +
          " instead of LogAppendTime: a machine whose clock is wrong can have its appends refused, "
          "or records removed too early");
    const auto least = leases_to_keep * config_.lease;
    if (const auto kept = number("retention.ms"); kept >= 0 && kept < least.count())
      warn("retention.ms = " + std::to_string(kept) + " is less than " +
           std::to_string(leases_to_keep) + " leases: records can be removed too early");
    if (number("retention.bytes") >= 0)
      warn("retention.bytes = " + text("retention.bytes") + ": records can be removed too early");
  }

  // --- between the thread and the strand ---

  void tell() {
    const std::lock_guard lock{mutex};
    done = true;
    if (bell) bell->wake();
  }

  /// Keeps a line for the log. The strand writes it, as the logger may be used only there.
  void note(std::string what) {
    const std::lock_guard lock{mutex};
    notes.push_back(std::move(what));
    if (bell) bell->wake();
  }

  /// Lets go of the bell, which belongs to the execution context: the thread may outlive that.
  void stop() {
    const std::lock_guard lock{mutex};
    stopped = true;
    bell->stop();
    bell.reset();
  }

  // --- helpers ---

  /// The answer, or null when none comes or none is wanted any more.
  event_ptr await(rd_kafka_queue_t* answers) const {
    return await(answers, std::max<std::chrono::milliseconds>(config_.lease, 10s));
  }

  event_ptr await(rd_kafka_queue_t* answers, std::chrono::milliseconds most) const {
    const auto slice = 50ms;
    for (auto waited = 0ms; waited < most && !stopped; waited += slice)
      if (event_ptr e{rd_kafka_queue_poll(answers, static_cast<int>(slice.count()))}) return e;
    return nullptr;
  }

  std::string describe_error(rd_kafka_resp_err_t error, const char* text) const {
    return redacted(kafka::describe(error, text), config_);
  }

  void note_once(const std::string& what) {
    if (std::exchange(last_note, what) != what) note(what);
  }

  void warn(const std::string& what) { found.warnings.push_back(subject() + ": " + what); }
  std::string subject() const { return "the leader topic '" + config_.topic + "'"; }

  const config config_;
  const int partitions;
  std::atomic<bool> stopped{false};
  findings found;
  const char* at = "";       ///< the step that is under way
  bool answered = false;     ///< something, though not what was wanted
  bool knows_cause = false;  ///< why the connection fails has been told
  std::string last_note;
  std::optional<std::chrono::steady_clock::time_point> refused_since;
  std::mutex mutex;  ///< guards the next four
  std::shared_ptr<wakeup> bell;
  health::reason why_not;
  std::vector<std::string> notes;
  bool done = false;  ///< `found` is complete, and only the strand uses it
};

survey::survey(const std::shared_ptr<const config>& c, const strand& s,
               std::function<void(const findings&)> tell)
    : strand_{s}, work_{std::make_shared<work>(*c, s)} {
  work_->bell->start([w = work_.get(), log = c->logger, tell = std::move(tell)] {
    std::unique_lock lock{w->mutex};
    const auto notes = std::exchange(w->notes, {});
    const bool done = w->done;
    lock.unlock();
    for (const auto& n : notes) log->info("neli: {}", n);
    if (done) tell(w->found);
  });
  thread_.emplace([w = work_] { w->run(); });
}

health::reason survey::why_not_yet() const {
  const std::lock_guard lock{work_->mutex};
  return work_->why_not;
}

survey::~survey() {
  work_->stop();
  if (!thread_->over()) linger(std::make_unique<errand>(*thread_), strand_);
}

}  // namespace neli::stores::kafka
