// SPDX-License-Identifier: BSL-1.0
// When a process has too few resources left for one of its clients, the constructor throws or the
// candidate ends with an error. It neither crashes nor goes on as if nothing were wrong.
#include "support/scarcity.hpp"

#include "support/comes_about.hpp"
#include <neli/neli.hpp>
#include <neli/testing/embedded_broker.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <system_error>

using namespace neli;
using namespace std::chrono_literals;
using test::resource;
using test::scarcity;
namespace asio = boost::asio;

namespace {

const auto arbitrations = boost::unit_test::data::make({"ledger", "group"});

/// More calls than any candidate makes.
constexpr int enough = 60;

struct scene {
  testing::embedded_broker broker;
  asio::io_context context;
  neli::config config = broker.config("scarcity");
  std::optional<candidate> made;
  error_code ended;
  bool led = false;  ///< when `settle` returned

  explicit scene(std::string_view a) {
    auto kafka = broker.store();
    kafka.arbitration = a == "group" ? arbitration::group : arbitration::ledger;
    config.store = kafka;
    config.lease = 1s;
    config.logger = no_logger();
  }

  void watch(candidate c) {
    made = std::move(c);
    made->wait_closed([this](error_code e) { ended = e; });
  }
  /// Runs until the candidate leads or has ended. False: neither happens.
  bool settle() {
    return until([this] { return (led = made->is_leader()) || closed(); });
  }
  bool until_closed() {
    return until([this] { return closed(); });
  }
  void finish() {
    made.reset();
    context.restart();
    context.run();
  }

 private:
  bool closed() const { return made->state() == candidate_state::closed; }
  bool until(const std::function<bool()>& so) {
    if (!test::run_until(context, so, 1min)) return false;
    context.restart();
    context.poll();
    return true;
  }
};

/// Either it was told an error, or it lacked nothing and leads.
void check(scene& s, const scarcity& scarce) {
  BOOST_TEST_REQUIRE(s.settle(), "neither leads nor has ended");
  if (s.made->state() == candidate_state::closed) {
    BOOST_TEST(s.ended.failed());
    BOOST_TEST(scarce.felt());
    BOOST_TEST((s.ended != errc::invalid_config), s.ended.message());
  } else {
    BOOST_TEST(s.led);
  }
}

/// Makes each call fail in turn, until a candidate makes fewer calls than that.
template <class F>
void each_in_turn(resource r, F trial) {
  int n = 1;
  bool felt = true;
  for (; felt && n < enough; ++n) BOOST_TEST_CONTEXT(to_string(r) << ' ' << n) felt = trial(n);
  BOOST_TEST(n > 3);
  BOOST_TEST(n < enough);
}

bool candidate_lacking(std::string_view a, resource r, int n) {
  scene s{a};
  bool felt = false;
  {
    const scarcity scarce{r, n};
    try {
      s.watch({s.context.get_executor(), s.config});
      check(s, scarce);
    } catch (const config_error& e) {
      BOOST_ERROR("taken for a fault of the configuration: " << e.what());
    } catch (const std::system_error&) {
      BOOST_TEST(scarce.felt());
    }
    felt = scarce.felt();
  }
  s.finish();
  return felt;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scarcities)

BOOST_DATA_TEST_CASE(a_candidate_that_lacks_a_client_ends, arbitrations, a) {
  each_in_turn(resource::client, [&](int n) { return candidate_lacking(a, resource::client, n); });
}

BOOST_DATA_TEST_CASE(a_candidate_that_lacks_a_descriptor_ends, arbitrations, a) {
  each_in_turn(resource::descriptor,
               [&](int n) { return candidate_lacking(a, resource::descriptor, n); });
}

BOOST_DATA_TEST_CASE(a_candidate_of_a_session_that_has_read_already_ends, arbitrations, a) {
  for (const auto r : {resource::client, resource::descriptor})
    for (int n = 1; n < 4; ++n) BOOST_TEST_CONTEXT(to_string(r) << ' ' << n) {
        scene s{a};
        std::optional<session> all{std::in_place, s.context.get_executor(), s.config};
        std::optional<neli::follower> reads{all->follower("leader")};
        bool known = false;
        reads->next([&](error_code, leader_changed) { known = true; });
        while (!known) s.context.run_one();
        {
          const scarcity scarce{r, n};
          s.watch(all->candidate("leader"));
          check(s, scarce);
        }
        reads.reset();
        all.reset();
        s.finish();
      }
}

BOOST_DATA_TEST_CASE(a_candidate_that_lacks_sockets_says_so, arbitrations, a) {
  for (int n = 1; n < 3; ++n) BOOST_TEST_CONTEXT(n) {  // the reader's, and the survey's
      scene s{a};
      s.config.lease = 10s;  // long, so that the missing answer is not told first
      const scarcity scarce{resource::socket, n};
      s.watch({s.context.get_executor(), s.config});
      auto events = s.made->events();
      std::optional<event> told;
      events.next([&](error_code, event e) { told = std::move(e); });
      const auto is_told = [&] { return told.has_value(); };
      BOOST_REQUIRE(test::run_until(s.context, is_told, 1min));
      const auto* t = told->as<trouble>();
      BOOST_REQUIRE(t);
      BOOST_TEST(t->what.find("Too many open files") != std::string::npos, t->what);
      s.finish();
    }
}

/// What makes a new client necessary while the candidate leads.
struct need {
  std::int16_t request;
  rd_kafka_resp_err_t answer;
};

BOOST_DATA_TEST_CASE(a_leader_whose_client_cannot_be_made_anew_ends, arbitrations, a) {
  for (const auto& [request, answer] :
       {need{0, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER},  // to Produce: another producer
        need{1, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE}})          // to Fetch: another look
    for (const auto r : {resource::client, resource::descriptor})
      BOOST_TEST_CONTEXT(rd_kafka_err2name(answer) << ' ' << to_string(r)) {
        scene s{a};
        s.watch({s.context.get_executor(), s.config});
        BOOST_TEST_REQUIRE(s.settle());
        BOOST_TEST_REQUIRE(s.led);
        const scarcity scarce{r, 1};
        rd_kafka_mock_push_request_errors(s.broker.native_handle(), request, 1, answer);
        BOOST_TEST(s.until_closed());
        BOOST_TEST(scarce.felt());
        BOOST_TEST(s.ended.failed());
        s.finish();
      }
}

#ifndef NELI_SANITIZED

BOOST_DATA_TEST_CASE(a_candidate_that_lacks_threads_ends_or_does_without, arbitrations, a) {
  each_in_turn(resource::thread, [&](int n) { return candidate_lacking(a, resource::thread, n); });
}

#endif

BOOST_AUTO_TEST_SUITE_END()
