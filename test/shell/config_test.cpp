// SPDX-License-Identifier: BSL-1.0
// The constructor refuses a configuration that cannot work, and names field, value and rule.
#include "config/environment.hpp"
#include "config/names.hpp"
#include "config/validate.hpp"
#include "support/shell_fixture.hpp"
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <functional>
#include <sstream>

using namespace neli;
using namespace std::chrono_literals;

namespace {

/// In a group, so that the settings of groups are checked too.
config valid() {
  return {.kafka = {{"bootstrap.servers", "127.0.0.1:1"}},
          .arbitration = arbitration::group,
          .logger = no_logger()};
}

void make(const config& c) {
  asio::io_context context;
  candidate{context.get_executor(), c};
}

void refused(const std::function<void(config&)>& spoil, const std::string& field,
             const std::string& value, const std::string& part_of_rule) {
  auto c = valid();
  spoil(c);
  try {
    make(c);
    BOOST_ERROR("accepted: " << field << " = " << value);
  } catch (const config_error& e) {
    BOOST_TEST(e.code() == errc::invalid_config);
    BOOST_TEST(e.field() == field);
    BOOST_TEST(e.value() == value);
    BOOST_TEST(e.rule().find(part_of_rule) != std::string::npos, "rule: " << e.rule());
    for (const auto& part : {e.field(), e.value(), e.rule()})
      BOOST_TEST(std::string{e.what()}.find(part) != std::string::npos, e.what());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(configuration)

BOOST_AUTO_TEST_CASE(with_nothing_but_brokers_is_valid) {
  BOOST_CHECK_NO_THROW(make({.kafka = {{"bootstrap.servers", "127.0.0.1:1"}}}));
}

BOOST_AUTO_TEST_CASE(ignores_settings_of_the_group_without_a_group) {
  auto c = valid();
  c.arbitration = arbitration::ledger;
  c.session_timeout = 0ms;
  BOOST_CHECK_NO_THROW(make(c));
}

BOOST_AUTO_TEST_CASE(names_each_of_the_groups_roles_once) {
  refused([](config& c) { c.roles = {"leader", "a", "a"}; }, "roles", "a", "named once");
  refused([](config& c) { c.roles = {"leader", ""}; }, "roles", "", "1 to 255 bytes");
  refused([](config& c) { c.roles = {"leader", "\xff"}; }, "roles", "\xff", "UTF-8");
  refused([](config& c) { c.roles.assign(501, "leader"); }, "roles", "501 of them", "at most 500");
  refused([](config& c) { c.roles = {"a", "b"}; }, "role", "leader", "one of config::roles");
}

BOOST_AUTO_TEST_CASE(needs_brokers) {
  refused([](config& c) { c.kafka.clear(); }, "kafka[\"bootstrap.servers\"]", "", "host:port");
  refused([](config& c) { c.kafka["bootstrap.servers"] = ""; }, "kafka[\"bootstrap.servers\"]", "",
          "host:port");
}

BOOST_AUTO_TEST_CASE(bounds_its_timings) {
  refused([](config& c) { c.lease = 199ms; }, "lease", "199ms", "from 200ms to 600000ms");
  refused([](config& c) { c.lease = -1ms; }, "lease", "-1ms", "from 200ms");
  refused([](config& c) { c.lease = 11min; }, "lease", "660000ms", "to 600000ms");
  refused([](config& c) { c.heartbeat_period = 1001ms; }, "heartbeat_period", "1001ms",
          "to 1000ms, a third of lease");
  refused([](config& c) { c.heartbeat_period = 9ms; }, "heartbeat_period", "9ms", "from 10ms");
  refused([](config& c) { c.barrier_timeout = 0ms; }, "barrier_timeout", "0ms", "from 1ms");
  refused([](config& c) { c.session_timeout = 1ms; }, "group_heartbeat_interval", "250ms",
          "a third of session_timeout");
  refused([](config& c) { c.group_heartbeat_interval = 2001ms; }, "group_heartbeat_interval",
          "2001ms", "to 2000ms, a third of session_timeout");
  refused([](config& c) { c.clock_drift = -0.01; }, "clock_drift", "-0.010000", "from 0 to 0.1");
  refused([](config& c) { c.clock_drift = std::numeric_limits<double>::quiet_NaN(); },
          "clock_drift", "nan", "from 0 to 0.1");
}

BOOST_AUTO_TEST_CASE(takes_the_extremes_of_its_timings) {
  for (const std::chrono::milliseconds lease : {200ms, 600'000ms}) {
    auto c = valid();
    c.lease = lease;
    BOOST_CHECK_NO_THROW(make(c));
  }
}

BOOST_AUTO_TEST_CASE(bounds_its_texts) {
  refused([](config& c) { c.role = ""; }, "role", "", "1 to 255 bytes");
  refused([](config& c) { c.role = std::string(256, 'r'); }, "role", std::string(80, 'r') + "...",
          "is 256");
  refused([](config& c) { c.name = std::string(256, 'n'); }, "name", std::string(80, 'n') + "...",
          "is 256");
  refused([](config& c) { c.metadata = std::string(4097, 'm'); }, "metadata",
          std::string(80, 'm') + "...", "is 4097");
  refused([](config& c) { c.name = "\xff"; }, "name", "\xff", "UTF-8");
  refused([](config& c) { c.leader_topic = "a b"; }, "leader_topic", "a b", "letters");
  refused([](config& c) { c.leader_topic = ".."; }, "leader_topic", "..", "letters");
  refused([](config& c) { c.leader_topic = std::string(250, 't'); }, "leader_topic",
          std::string(80, 't') + "...", "is 250");
}

BOOST_AUTO_TEST_CASE(derives_valid_names_from_any_program_and_role) {
  const std::string wide = "\xc3\xa9";
  std::string many;
  while (many.size() < 254) many += wide;
  const std::vector<std::string> odd{"",   ".",    "..", "my app", "a/b",     std::string(255, 'p'),
                                     wide, "\xff", "\n", many,     many + "x"};
  for (const auto& program : odd)
    for (const auto& host : {odd[0], odd[3], odd[7], std::string(300, 'h')})
      for (const auto& role : {std::string{"r"}, std::string(255, 'r'), wide, many, "x" + many}) {
        auto c = valid();
        c.role = role;
        c.leader_topic = derived_topic(program);
        c.leader_group_id = derived_group(program, role);
        c.name = derived_name(host, program, "4194304");
        BOOST_CHECK_NO_THROW(complete(c));
      }
}

BOOST_AUTO_TEST_CASE(derives_names_from_the_programs_unchanged_where_that_is_valid) {
  BOOST_TEST(derived_topic("my-app_2.x") == "my-app_2.x.neli");
  // Processes of all versions of a program have to agree on it.
  BOOST_TEST(derived_topic("my app") == "my_app.neli");
  BOOST_TEST(derived_topic(std::string(250, 'p')) == std::string(244, 'p') + ".neli");
  BOOST_TEST(derived_group("my-app", "b\xc3\xa9 b") == "my-app.neli.b\xc3\xa9 b");
  BOOST_TEST(derived_name("host", "my app", "7") == "host:my app:7");
  BOOST_TEST(derived_name("", "my-app", "7") == "host:my-app:7");
}

BOOST_AUTO_TEST_CASE(derives_different_groups_for_roles_that_are_equal_when_cut) {
  const std::string long_role(254, 'r');
  BOOST_TEST(derived_group("a", long_role + "1") != derived_group("a", long_role + "2"));
}

BOOST_AUTO_TEST_CASE(knows_its_enumerations) {
  refused([](config& c) { c.arbitration = static_cast<arbitration>(7); }, "arbitration", "7",
          "group");
  refused([](config& c) { c.assignor = static_cast<assignor>(0); }, "assignor", "0",
          "cooperative_sticky");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_nelis_to_set_by_name) {
  for (const std::string key :
       {"group.id", "group.instance.id", "partition.assignment.strategy", "session.timeout.ms",
        "heartbeat.interval.ms", "max.poll.interval.ms", "enable.auto.commit", "auto.offset.reset",
        "isolation.level", "acks", "request.required.acks", "enable.idempotence",
        "transactional.id", "message.timeout.ms", "linger.ms", "allow.auto.create.topics"})
    refused([&](config& c) { c.kafka[key] = "1"; }, "kafka[\"" + key + "\"]", "1",
            "is neli's to set");
}

BOOST_AUTO_TEST_CASE(keeps_librdkafkas_text) {
  refused([](config& c) { c.kafka["no.such.thing"] = "1"; }, "kafka[\"no.such.thing\"]", "1",
          "No such configuration property: \"no.such.thing\"");
  refused([](config& c) { c.kafka["socket.timeout.ms"] = "soon"; }, "kafka[\"socket.timeout.ms\"]",
          "soon", "Invalid value");
  refused(
      [](config& c) {
        c.kafka["security.protocol"] = "sasl_plaintext";
        c.kafka["sasl.mechanism"] = "PIGEON";
      },
      "kafka", "(all of it)", "PIGEON");
}

BOOST_AUTO_TEST_CASE(refuses_what_librdkafka_refuses_of_any_of_its_clients) {
  const auto alone = [](const std::string& key, const std::string& value,
                        const std::string& part_of_rule) {
    for (const auto a : {arbitration::ledger, arbitration::group})
      refused(
          [&](config& c) {
            c.arbitration = a;
            c.kafka[key] = value;
          },
          "kafka", "(all of it)", part_of_rule);
  };
  alone("retries", "0", "`retries`");
  alone("message.send.max.retries", "0", "`retries`");
  alone("queuing.strategy", "lifo", "`queuing.strategy`");
  alone("queue.buffering.backpressure.threshold", "2", "backpressure");
  alone("receive.message.max.bytes", "1000", "`receive.message.max.bytes`");
  alone("reconnect.backoff.max.ms", "1", "`reconnect.backoff.max.ms`");
}

BOOST_AUTO_TEST_CASE(ignores_properties_of_a_producer_without_a_producer) {
  auto c = valid();
  c.kafka["retries"] = "0";
  asio::io_context context;
  BOOST_CHECK_NO_THROW((follower{context.get_executor(), c}));
}

BOOST_AUTO_TEST_CASE(refuses_bearer_tokens_that_would_not_be_refreshed) {
  for (const std::string mechanism : {"sasl.mechanism", "sasl.mechanisms"})
    for (const std::string method : {"", "default"})
      refused(
          [&](config& c) {
            c.kafka["security.protocol"] = "sasl_plaintext";
            c.kafka[mechanism] = "OAUTHBEARER";
            c.kafka["enable.sasl.oauthbearer.unsecure.jwt"] = "true";
            c.kafka["sasl.oauthbearer.config"] = "principal=ann";
            if (!method.empty()) c.kafka["sasl.oauthbearer.method"] = method;
          },
          "kafka[\"sasl.oauthbearer.method\"]", method, "must be oidc");
}

BOOST_AUTO_TEST_CASE(takes_properties_of_either_kind_of_client) {
  auto c = valid();
  c.kafka["fetch.wait.max.ms"] = "20";   // a consumer's
  c.kafka["compression.type"] = "gzip";  // a producer's
  BOOST_CHECK_NO_THROW(make(c));
}

BOOST_AUTO_TEST_CASE(never_shows_a_secret) {
  const std::string secret = "correct horse battery staple";
  for (const std::string key :
       {"sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem",
        "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config"}) {
    std::ostringstream log;
    auto c = valid();
    c.logger = std::make_shared<spdlog::logger>(
        "t", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
    c.logger->set_level(spdlog::level::trace);
    c.kafka["debug"] = "all";
    c.kafka["security.protocol"] = "sasl_ssl";
    c.kafka["sasl.mechanism"] = "PLAIN";
    c.kafka["sasl.username"] = "ann";
    c.kafka[key] = secret;
    std::string what;
    try {
      asio::io_context context;
      candidate made{context.get_executor(), c};
      context.run_for(100ms);
    } catch (const std::exception& e) {
      what = e.what();
    }
    BOOST_TEST(what.find(secret) == std::string::npos, what);
    BOOST_TEST(log.str().find(secret) == std::string::npos, "in the log: " << key);
  }
}

BOOST_AUTO_TEST_CASE(gives_another_role_another_group) {
  std::ostringstream log;
  auto c = valid();
  c.role = "billing";
  c.logger =
      std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
  make(c);
  BOOST_TEST(log.str().find("group 'neli_shell_test.neli.billing' over topic "
                            "'neli_shell_test.neli'") != std::string::npos,
             log.str());
}

BOOST_AUTO_TEST_CASE(defaults_its_names_to_the_programs_and_says_so) {
  std::ostringstream log;
  auto c = valid();
  c.logger =
      std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
  make(c);
  BOOST_TEST(log.str().find("group 'neli_shell_test.neli' over topic 'neli_shell_test.neli'") !=
                 std::string::npos,
             log.str());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(error_codes)

BOOST_AUTO_TEST_CASE(have_stable_numbers_and_a_text_each) {
  const std::pair<errc, int> all[] = {{errc::closed, 1},         {errc::invalid_config, 2},
                                      {errc::no_topic, 3},       {errc::unusable_topic, 4},
                                      {errc::not_authorized, 5}, {errc::barrier_abandoned, 6}};
  for (const auto& [code, number] : all) {
    const error_code e = code;
    BOOST_TEST(e.value() == number);
    BOOST_TEST((e.category() == error_category()));
    BOOST_TEST(e.message().find("unknown") == std::string::npos);
  }
  BOOST_TEST(error_code(99, error_category()).message() == "unknown error 99");
  BOOST_TEST(error_code(29, kafka_category()).message() == "Broker: Topic authorization failed");
}

BOOST_AUTO_TEST_CASE(may_carry_a_text_and_stay_equal) {
  const auto e = with_text(errc::no_topic, "the topic 'x' does not exist");
  BOOST_TEST(e == errc::no_topic);
  BOOST_TEST(e != errc::closed);
  BOOST_TEST(e.message() == "the topic 'x' does not exist");
  BOOST_TEST((e.category() == error_category()));
  const error_code kafka{29, kafka_category()};
  BOOST_TEST((with_text(kafka, "no") == kafka));
  BOOST_TEST(with_text(kafka, "no").message() == "no");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(every_incarnation_has_a_new_id) {
  BOOST_TEST(random_id() != random_id());
  BOOST_TEST(random_seed() != random_seed());
}
