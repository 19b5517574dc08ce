// SPDX-License-Identifier: BSL-1.0
// An error that may pass is told as trouble, ends no candidate, and is told to be over when it is
// over. The same holds when there is no answer at all.
#include "harness/proxy.hpp"
#include "kafka/fixture.hpp"
#include <neli/neli.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>

using namespace neli;
using namespace std::chrono_literals;
using test::broker;
using test::proxy;
using test::unique;

namespace {

/// The numbers of Kafka's requests, as its protocol has them.
enum class api : std::int16_t {
  produce = 0,
  fetch = 1,
  list_offsets = 2,
  metadata = 3,
  heartbeat = 12,
  sasl_handshake = 17,
  api_versions = 18,
  create_topics = 19,
  sasl_authenticate = 36,
};

std::ostream& operator<<(std::ostream& to, api a) {
  return to << "request " << static_cast<int>(a);
}

/// A broker that asks for passwords, and the proxy in front of it.
struct guarded {
  broker kafka{{"--secure", "--proxies", "1", "--property", "group.initial.rebalance.delay.ms=0",
                "--property", "group.min.session.timeout.ms=1000"}};
  proxy gate{kafka.proxied_port()};

  static neli::kafka by(const std::string& servers, const std::string& user) {
    return {{{"bootstrap.servers", servers},
             {"security.protocol", "sasl_plaintext"},
             {"sasl.mechanism", "PLAIN"},
             {"sasl.username", user},
             {"sasl.password", user + "-secret"}}};
  }
  config with_password(const std::string& user = "admin") const {
    return {.store = by(gate.servers(), user),
            .ledger = unique("leader"),
            .lease = test::short_lease,
            .logger = no_logger()};
  }

  void disturb(api a, proxy::fault f, int connections) {
    gate.disturb(static_cast<std::int16_t>(a), f, connections);
  }
};

guarded& the_guarded() {
  static guarded g;
  return g;
}

/// A candidate and what it tells of itself. The context runs only while it exists.
class watched {
 public:
  watched(asio::io_context& context, config c)
      : context_{context}, candidate_{context.get_executor(), std::move(c)} {
    candidate_.wait_closed([this](error_code e) { ended_ = e; });
    next();
  }

  bool leads() const { return candidate_.is_leader(); }
  error_code ended() const { return ended_; }
  /// The trouble that it is in; empty: none.
  std::string trouble() const {
    std::string all;
    for (const auto& [what, why] : trouble_) all += what + why;
    return all;
  }
  /// All troubles that it has told of.
  const std::string& troubles() const { return troubles_; }

  /// Lets time pass until the condition holds or the candidate ends.
  bool until(const std::function<bool()>& so, std::chrono::milliseconds at_most = 2min) {
    const auto over = [&] { return ended_ || so(); };
    test::run_until(context_, over, at_most);
    return so() && !ended_;
  }

 private:
  void note(const neli::trouble& t) {
    troubles_ += t.what + "\n";
    const auto thing = t.what.substr(0, t.what.find(t.code ? " does not work" : " works again"));
    if (t.code)
      trouble_[thing] = t.what.substr(thing.size());
    else
      trouble_.erase(thing);
  }

  void next() {
    events_.next([this](error_code e, const event& what) {
      if (e) return;
      if (const auto* t = what.as<neli::trouble>()) note(*t);
      next();
    });
  }

  asio::io_context& context_;
  candidate candidate_;
  event_stream events_ = candidate_.events();
  error_code ended_;
  std::map<std::string, std::string> trouble_;
  std::string troubles_;
};

void contains(const std::string& text, const std::string& part) {
  BOOST_TEST(text.find(part) != std::string::npos, "'" << part << "' is not in '" << text << "'");
}

const auto starting = boost::unit_test::data::make(
    {api::api_versions, api::sasl_handshake, api::sasl_authenticate, api::metadata});
const auto leading = boost::unit_test::data::make(
    {api::api_versions, api::sasl_handshake, api::sasl_authenticate, api::fetch, api::produce});
const auto unanswered = boost::unit_test::data::make({api::list_offsets, api::create_topics});
const auto steps = boost::unit_test::data::make({"asking where it ends", "creating it"});
const auto faults = boost::unit_test::data::make({proxy::fault::cut, proxy::fault::stall});

}  // namespace

namespace neli::test {
std::ostream& operator<<(std::ostream& to, proxy::fault f) {
  return to << (f == proxy::fault::cut ? "cut" : "stalled");
}
}  // namespace neli::test

BOOST_AUTO_TEST_SUITE(troubles)

BOOST_DATA_TEST_CASE(a_connection_that_breaks_ends_no_starting_candidate, starting* faults, at,
                     fault) {
  asio::io_context context;
  the_guarded().disturb(at, fault, 4);
  watched a{context, the_guarded().with_password()};
  BOOST_TEST(a.until([&] { return a.leads(); }), a.ended().message() << a.trouble());
  BOOST_TEST(a.until([&] { return a.trouble().empty(); }), a.ended().message() << a.trouble());
  BOOST_TEST(the_guarded().gate.met() > 0);
  the_guarded().gate.restore();
}

BOOST_DATA_TEST_CASE(a_connection_that_breaks_ends_no_leader, leading* faults, at, fault) {
  asio::io_context context;
  the_guarded().gate.restore();
  watched a{context, the_guarded().with_password()};
  BOOST_TEST_REQUIRE(a.until([&] { return a.leads(); }));
  the_guarded().disturb(at, fault, 4);
  BOOST_TEST(a.until([&] { return the_guarded().gate.met() > 0; }));
  the_guarded().gate.restore();
  BOOST_TEST(a.until([&] { return a.leads() && a.trouble().empty(); }), a.ended().message()
                                                                            << a.trouble());
}

BOOST_AUTO_TEST_CASE(a_handshake_that_never_succeeds_ends_no_candidate) {
  asio::io_context context;
  the_guarded().disturb(api::sasl_handshake, proxy::fault::cut, 1'000'000);
  auto c = the_guarded().with_password();
  c.lease = 5s;  // long, so that the cause is told before the silence is
  watched a{context, c};
  a.until([] { return false; }, 20s);  // longer than it takes until a refusal is final
  BOOST_TEST(!a.ended(), a.ended().message());
  contains(a.trouble(), "handshake failed");
  the_guarded().gate.restore();
  BOOST_TEST(a.until([&] { return a.leads() && a.trouble().empty(); }));
}

BOOST_AUTO_TEST_CASE(rights_that_are_granted_a_moment_late_end_no_candidate) {
  auto& kafka = the_guarded().kafka;
  auto c = the_guarded().with_password("guest");
  the_guarded().gate.restore();
  c.lease = test::long_lease;  // granting takes a while
  asio::io_context context;
  watched a{context, c};
  a.until([] { return false; }, 1s);
  kafka.tool({"AclCommand", "--add", "--allow-principal", "User:guest", "--operation", "All",
              "--topic", c.ledger});
  BOOST_TEST(a.until([&] { return a.leads() && a.trouble().empty(); }), a.ended().message()
                                                                            << a.trouble());
}

BOOST_DATA_TEST_CASE(a_request_without_an_answer_is_told_with_its_step, unanswered ^ steps, at,
                     step) {
  asio::io_context context;
  the_guarded().disturb(at, proxy::fault::stall, 1'000'000);
  watched a{context, the_guarded().with_password()};
  // On a busy machine an earlier step may get no answer in time either, and be told first.
  const auto told = [&] { return a.trouble().find(step) != std::string::npos; };
  BOOST_TEST(a.until(told), "'" << step << "' is not in '" << a.trouble() << "'");
  the_guarded().gate.restore();
  BOOST_TEST(a.until([&] { return a.leads() && a.trouble().empty(); }));
}

BOOST_AUTO_TEST_CASE(a_group_without_a_coordinator_is_told) {
  // One node cannot keep the groups in three replicas.
  broker kafka{{"--property", "offsets.topic.replication.factor=3"}};
  const auto topic = unique("leader");
  std::ostringstream log;
  asio::io_context context;
  watched a{context,
            {.store = neli::kafka{.properties = {{"bootstrap.servers", kafka.servers()}},
                                  .arbitration = arbitration::group,
                                  .group_id = topic},
             .ledger = topic,
             .lease = test::short_lease,
             .logger = std::make_shared<spdlog::logger>(
                 "neli", std::make_shared<spdlog::sinks::ostream_sink_mt>(log))}};
  // On a busy machine the ledger may be slow too, and be told first.
  BOOST_TEST(a.until([&] { return a.trouble().find("the group") != std::string::npos; }));
  contains(a.trouble(), "the group '" + topic + "'");
  contains(a.trouble(), "coordinator");
  contains(log.str(), "[warning] neli: taking part in the group does not work");
}

BOOST_AUTO_TEST_CASE(fetches_without_an_answer_are_told_to_a_follower_of_a_quiet_ledger) {
  auto c = the_guarded().with_password();
  std::ostringstream log;
  the_guarded().gate.restore();
  {
    asio::io_context context;
    watched a{context, c};  // makes the topic
    BOOST_TEST_REQUIRE(a.until([&] { return a.leads(); }));
  }
  c.logger = std::make_shared<spdlog::logger>(
      "neli", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
  asio::io_context context;
  follower f{context.get_executor(), c};
  const auto says = [&](const std::string& what) {
    const auto said = [&] { return log.str().find(what) != std::string::npos; };
    test::run_until(context, said, 1min);
    contains(log.str(), what);
  };
  context.restart();
  context.run_for(3s);  // nobody leads any more
  the_guarded().disturb(api::fetch, proxy::fault::stall, 1'000'000);
  says("reading the ledger does not work");
  the_guarded().gate.restore();
  says("reading the ledger works again");
}

BOOST_AUTO_TEST_CASE(trouble_with_appending_ends_for_a_standby_that_appends_nothing) {
  auto c = the_guarded().with_password();
  c.lease = 5s;
  the_guarded().gate.restore();
  asio::io_context context;
  watched a{context, c};
  BOOST_TEST_REQUIRE(a.until([&] { return a.leads(); }));
  the_guarded().disturb(api::produce, proxy::fault::stall, 1'000'000);
  BOOST_TEST(a.until([&] { return a.trouble().find("appending") != std::string::npos; }),
             a.troubles());
  c.store = guarded::by(the_guarded().kafka.servers(), "admin");  // not through the proxy
  c.name = "b";
  watched b{context, c};
  BOOST_TEST_REQUIRE(b.until([&] { return b.leads(); }));
  b.until([] { return false; }, c.lease + 3s);  // until a gives up what it has tried to append
  the_guarded().gate.restore();
  BOOST_TEST(b.until([&] { return a.trouble().empty() && !a.ended(); }), a.troubles());
  contains(a.troubles(), "works again, as far as is known");
}

BOOST_AUTO_TEST_CASE(trouble_with_a_broker_ends_for_a_member_that_keeps_its_partition) {
  auto& kafka = test::the_broker();
  const auto topic = unique("leader");
  asio::io_context context;
  watched a{context,
            {.store = neli::kafka{.properties = {{"bootstrap.servers", kafka.servers()}},
                                  .arbitration = arbitration::group,
                                  .group_id = topic,
                                  .session_timeout = 15s},
             .ledger = topic,
             .lease = test::short_lease,
             .logger = no_logger()}};
  BOOST_TEST_REQUIRE(a.until([&] { return a.leads(); }));
  kafka.command({"stop-node", "1"});
  BOOST_TEST(a.until([&] { return !a.trouble().empty(); }));
  kafka.command({"start-node", "1"});
  BOOST_TEST(a.until([&] { return a.leads(); }), a.troubles());
  a.until([&] { return a.trouble().empty(); });
  BOOST_TEST(a.trouble() == "", a.troubles());
  contains(a.troubles(), "taking part in the group works again");
}

BOOST_AUTO_TEST_SUITE_END()
