// SPDX-License-Identifier: BSL-1.0
// The constructor refuses a configuration that cannot work, and names field, value and rule.
#include "config/environment.hpp"
#include "config/names.hpp"
#include "config/validate.hpp"
#include "stores/kafka/setup.hpp"
#include "support/shell_fixture.hpp"
#include "with_text.hpp"
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

/// A configuration whose store can still be changed.
struct settings : config {
  neli::kafka kafka;
};

/// In a group, so that the settings of groups are checked too.
settings valid() {
  return {
      {.logger = no_logger()},
      {.properties = {{"bootstrap.servers", "127.0.0.1:1"}}, .arbitration = arbitration::group}};
}

config whole(const settings& s) {
  config c = s;
  c.store = s.kafka;
  return c;
}

void make(const settings& s) {
  asio::io_context context;
  candidate{context.get_executor(), whole(s)};
}

void refused(const std::function<void(settings&)>& spoil, const std::string& field,
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
  BOOST_CHECK_NO_THROW(make({{}, {{{"bootstrap.servers", "127.0.0.1:1"}}}}));
}

BOOST_AUTO_TEST_CASE(ignores_settings_of_the_group_without_a_group) {
  auto c = valid();
  c.kafka.arbitration = arbitration::ledger;
  c.kafka.session_timeout = 0ms;
  BOOST_CHECK_NO_THROW(make(c));
}

BOOST_AUTO_TEST_CASE(names_each_of_the_groups_roles_once) {
  refused(
      [](settings& c) {
        c.kafka.roles = {"leader", "a", "a"};
      },
      "kafka.roles", "a", "named once");
  refused([](settings& c) { c.kafka.roles = {"leader", ""}; }, "kafka.roles", "", "1 to 255 bytes");
  refused([](settings& c) { c.kafka.roles = {"leader", "\xff"}; }, "kafka.roles", "\xff", "UTF-8");
  refused([](settings& c) { c.kafka.roles.assign(501, "leader"); }, "kafka.roles", "501 of them",
          "at most 500");
  refused([](settings& c) { c.kafka.roles = {"a", "b"}; }, "role", "leader", "one of kafka.roles");
}

BOOST_AUTO_TEST_CASE(needs_a_store) {
  asio::io_context context;
  BOOST_CHECK_EXCEPTION((candidate{context.get_executor(), {.logger = no_logger()}}), config_error,
                        [](const auto& e) { return e.field() == "store"; });
}

BOOST_AUTO_TEST_CASE(needs_brokers) {
  refused([](settings& c) { c.kafka.properties.clear(); },
          "kafka.properties[\"bootstrap.servers\"]", "", "host:port");
  refused([](settings& c) { c.kafka.properties["bootstrap.servers"] = ""; },
          "kafka.properties[\"bootstrap.servers\"]", "", "host:port");
}

BOOST_AUTO_TEST_CASE(bounds_its_timings) {
  refused([](settings& c) { c.lease = 199ms; }, "lease", "199ms", "from 200ms to 600000ms");
  refused([](settings& c) { c.lease = -1ms; }, "lease", "-1ms", "from 200ms");
  refused([](settings& c) { c.lease = 11min; }, "lease", "660000ms", "to 600000ms");
  refused([](settings& c) { c.heartbeat_period = 1001ms; }, "heartbeat_period", "1001ms",
          "to 1000ms, a third of lease");
  refused([](settings& c) { c.heartbeat_period = 9ms; }, "heartbeat_period", "9ms", "from 10ms");
  refused([](settings& c) { c.barrier_timeout = 0ms; }, "barrier_timeout", "0ms", "from 1ms");
  refused([](settings& c) { c.kafka.session_timeout = 1ms; }, "kafka.group_heartbeat_interval",
          "250ms", "a third of session_timeout");
  refused([](settings& c) { c.kafka.group_heartbeat_interval = 2001ms; },
          "kafka.group_heartbeat_interval", "2001ms", "to 2000ms, a third of session_timeout");
  refused([](settings& c) { c.clock_drift = -0.01; }, "clock_drift", "-0.010000", "from 0 to 0.1");
  refused([](settings& c) { c.clock_drift = std::numeric_limits<double>::quiet_NaN(); },
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
  refused([](settings& c) { c.role = ""; }, "role", "", "1 to 255 bytes");
  refused([](settings& c) { c.role = std::string(256, 'r'); }, "role", std::string(80, 'r') + "...",
          "is 256");
  refused([](settings& c) { c.name = std::string(256, 'n'); }, "name", std::string(80, 'n') + "...",
          "is 256");
  refused([](settings& c) { c.metadata = std::string(4097, 'm'); }, "metadata",
          std::string(80, 'm') + "...", "is 4097");
  refused([](settings& c) { c.name = "\xff"; }, "name", "\xff", "UTF-8");
  refused([](settings& c) { c.ledger = "a b"; }, "ledger", "a b", "letters");
  refused([](settings& c) { c.ledger = ".."; }, "ledger", "..", "letters");
  refused([](settings& c) { c.ledger = std::string(250, 't'); }, "ledger",
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
        c.ledger = derived_ledger(program);
        c.kafka.group_id = stores::kafka::derived_group(program, role);
        c.name = derived_name(host, program, "4194304");
        BOOST_CHECK_NO_THROW(complete(whole(c), stores::use::contending));
      }
}

BOOST_AUTO_TEST_CASE(derives_names_from_the_programs_unchanged_where_that_is_valid) {
  BOOST_TEST(derived_ledger("my-app_2.x") == "my-app_2.x.neli");
  // Processes of all versions of a program have to agree on it.
  BOOST_TEST(derived_ledger("my app") == "my_app.neli");
  BOOST_TEST(derived_ledger(std::string(250, 'p')) == std::string(244, 'p') + ".neli");
  BOOST_TEST(stores::kafka::derived_group("my-app", "b\xc3\xa9 b") == "my-app.neli.b\xc3\xa9 b");
  BOOST_TEST(derived_name("host", "my app", "7") == "host:my app:7");
  BOOST_TEST(derived_name("", "my-app", "7") == "host:my-app:7");
}

BOOST_AUTO_TEST_CASE(derives_different_groups_for_roles_that_are_equal_when_cut) {
  const std::string long_role(254, 'r');
  BOOST_TEST(stores::kafka::derived_group("a", long_role + "1") !=
             stores::kafka::derived_group("a", long_role + "2"));
}

BOOST_AUTO_TEST_CASE(knows_its_enumerations) {
  refused([](settings& c) { c.kafka.arbitration = static_cast<arbitration>(7); },
          "kafka.arbitration", "7", "group");
  refused([](settings& c) { c.kafka.assignor = static_cast<assignor>(7); }, "kafka.assignor", "7",
          "cooperative_sticky");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_nelis_to_set_by_name) {
  for (const std::string key :
       {"group.id", "group.instance.id", "partition.assignment.strategy", "session.timeout.ms",
        "heartbeat.interval.ms", "max.poll.interval.ms", "enable.auto.commit", "auto.offset.reset",
        "isolation.level", "acks", "request.required.acks", "enable.idempotence",
        "transactional.id", "message.timeout.ms", "linger.ms", "allow.auto.create.topics"})
    refused([&](settings& c) { c.kafka.properties[key] = "1"; },
            "kafka.properties[\"" + key + "\"]", "1", "is neli's to set");
}

BOOST_AUTO_TEST_CASE(keeps_librdkafkas_text) {
  refused([](settings& c) { c.kafka.properties["no.such.thing"] = "1"; },
          "kafka.properties[\"no.such.thing\"]", "1",
          "No such configuration property: \"no.such.thing\"");
  refused([](settings& c) { c.kafka.properties["socket.timeout.ms"] = "soon"; },
          "kafka.properties[\"socket.timeout.ms\"]", "soon", "Invalid value");
  refused(
      [](settings& c) {
        c.kafka.properties["security.protocol"] = "sasl_plaintext";
        c.kafka.properties["sasl.mechanism"] = "PIGEON";
      },
      "kafka.properties", "(all of it)", "PIGEON");
}

BOOST_AUTO_TEST_CASE(refuses_what_librdkafka_refuses_of_any_of_its_clients) {
  const auto alone = [](const std::string& key, const std::string& value,
                        const std::string& part_of_rule) {
    for (const auto a : {arbitration::ledger, arbitration::group})
      refused(
          [&](settings& c) {
            c.kafka.arbitration = a;
            c.kafka.properties[key] = value;
          },
          "kafka.properties", "(all of it)", part_of_rule);
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
  c.kafka.properties["retries"] = "0";
  asio::io_context context;
  BOOST_CHECK_NO_THROW((follower{context.get_executor(), whole(c)}));
}

BOOST_AUTO_TEST_CASE(refuses_bearer_tokens_that_would_not_be_refreshed) {
  for (const std::string mechanism : {"sasl.mechanism", "sasl.mechanisms"})
    for (const std::string method : {"", "default"})
      refused(
          [&](settings& c) {
            c.kafka.properties["security.protocol"] = "sasl_plaintext";
            c.kafka.properties[mechanism] = "OAUTHBEARER";
            c.kafka.properties["enable.sasl.oauthbearer.unsecure.jwt"] = "true";
            c.kafka.properties["sasl.oauthbearer.config"] = "principal=ann";
            if (!method.empty()) c.kafka.properties["sasl.oauthbearer.method"] = method;
          },
          "kafka.properties[\"sasl.oauthbearer.method\"]", method, "must be oidc");
}

BOOST_AUTO_TEST_CASE(takes_properties_of_either_kind_of_client) {
  auto c = valid();
  c.kafka.properties["fetch.wait.max.ms"] = "20";   // a consumer's
  c.kafka.properties["compression.type"] = "gzip";  // a producer's
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
    c.kafka.properties["debug"] = "all";
    c.kafka.properties["security.protocol"] = "sasl_ssl";
    c.kafka.properties["sasl.mechanism"] = "PLAIN";
    c.kafka.properties["sasl.username"] = "ann";
    c.kafka.properties[key] = secret;
    std::string what;
    try {
      asio::io_context context;
      candidate made{context.get_executor(), whole(c)};
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
  BOOST_TEST(log.str().find("over topic 'neli_shell_test.neli' and group "
                            "'neli_shell_test.neli.billing'") != std::string::npos,
             log.str());
}

BOOST_AUTO_TEST_CASE(defaults_its_names_to_the_programs_and_says_so) {
  std::ostringstream log;
  auto c = valid();
  c.logger =
      std::make_shared<spdlog::logger>("t", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
  make(c);
  BOOST_TEST(log.str().find("over topic 'neli_shell_test.neli' and group 'neli_shell_test.neli'") !=
                 std::string::npos,
             log.str());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(error_codes)

BOOST_AUTO_TEST_CASE(have_stable_numbers_and_a_text_each) {
  const std::pair<errc, int> all[] = {{errc::closed, 1},         {errc::invalid_config, 2},
                                      {errc::no_ledger, 3},      {errc::unusable_ledger, 4},
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
  const auto e = with_text(errc::no_ledger, "the topic 'x' does not exist");
  BOOST_TEST(e == errc::no_ledger);
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
