// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "harness/broker.hpp"
#include "harness/nodes.hpp"
#include "kafka/predecessor.hpp"
#include "support/comes_about.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace neli::test {

/// A broker that forms groups at once instead of waiting three seconds for more members, and allows
/// sessions shorter than six seconds: both only so that the tests take less time.
inline const std::vector<std::string> in_a_hurry{"--property", "group.initial.rebalance.delay.ms=0",
                                                 "--property", "group.min.session.timeout.ms=1000"};

/// One for all tests.
inline broker& the_broker() {
  static broker b{in_a_hurry};
  return b;
}

/// For tests in which no lease may run out: even a busy machine delays no process for so long. Five
/// seconds were not enough.
constexpr std::chrono::milliseconds long_lease{15'000};
/// For tests in which a lease has to run out, and in which other leases may do so as well.
constexpr std::chrono::milliseconds short_lease{1000};

/// Candidates on a topic of their own, with a session that is a second longer than the lease. The
/// first candidate need not wait for a lease.
struct kafka_fixture {
  explicit kafka_fixture(const std::string& arbitration = "group",
                         std::chrono::milliseconds lease = long_lease)
      : session{lease + std::chrono::seconds{1}},
        candidates{{"contend", "--servers", kafka.servers(), "--topic", topic, "--arbitration",
                    arbitration, "--lease-ms", std::to_string(lease.count()), "--session-ms",
                    std::to_string(session.count()), "--group-heartbeat-ms", "100"}} {
    have_a_predecessor(kafka.servers(), topic);
  }

  /// Starts `a`, which leads, then `b`, which knows that. Returns a's LEAD.
  tools::fact start_a_then_b(const std::vector<std::string>& options_of_a = {},
                             const std::vector<std::string>& options_of_b = {}) {
    candidates.start("a", options_of_a);
    const auto lead = candidates.leader();
    candidates.start("b", options_of_b);
    candidates.expect_of("b", "LEADER");
    return lead;
  }

  /// Lets time pass until the condition holds. Fails if that takes minutes.
  template <class Condition>
  void until(Condition so) {
    const auto pass = [this] { candidates.run_for(std::chrono::milliseconds{10}); };
    BOOST_REQUIRE_MESSAGE(comes_about(so, pass, std::chrono::minutes{2}), "it does not come about");
  }
  /// Waits until another candidate leads.
  tools::fact another_than(const std::string& name) {
    std::map<std::string, tools::fact> led;
    until([&] {
      led = candidates.leaders();
      return !led.empty() && led.begin()->second.name != name;
    });
    return led.begin()->second;
  }
  /// Waits until the leader of that term has said that it was fenced, which may happen before the
  /// test does anything: a busy machine can delay a process for a short lease.
  std::string why_fenced(const tools::fact& lead) {
    std::string why;
    until([&] {
      for (const auto& f : candidates.said())
        if (f.what == "FENCED" && f.name == lead.name && f.number() == lead.number())
          why = f.detail;
      return !why.empty();
    });
    return why;
  }

  broker& kafka = the_broker();
  std::string topic = unique("leader");
  std::chrono::milliseconds session;
  nodes candidates;
};

/// Tests that are not about the group run with either arbitration.
inline const auto both = boost::unit_test::data::make({"group", "ledger"});

/// How often a test of endurance repeats its steps: the environment's NELI_TRIALS, or the given
/// number, which is enough for every day.
inline int trials(int normally) {
  const char* wanted = std::getenv("NELI_TRIALS");
  return wanted ? std::stoi(wanted) : normally;
}

}  // namespace neli::test
