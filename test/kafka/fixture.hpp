// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/broker.hpp"
#include "support/nodes.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <cstdlib>
#include <string>
#include <vector>

namespace neli::test {

/// A broker that forms groups at once instead of waiting three seconds for more members, and lets
/// sessions be shorter than six: both only so that the tests take less time.
inline const std::vector<std::string> in_a_hurry{"--property", "group.initial.rebalance.delay.ms=0",
                                                 "--property", "group.min.session.timeout.ms=1000"};

/// One for all tests.
inline broker& the_broker() {
  static broker b{in_a_hurry};
  return b;
}

/// Candidates on a topic of their own, with a lease of one second and a session of two.
struct kafka_fixture {
  explicit kafka_fixture(const std::string& arbitration = "group")
      : candidates{{"contend", "--servers", kafka.servers(), "--topic", topic, "--arbitration",
                    arbitration, "--lease-ms", "1000", "--session-ms", "2000",
                    "--group-heartbeat-ms", "100"}} {}

  /// Starts `a`, which leads, then `b`, which knows that; a's LEAD.
  tools::fact start_a_then_b(const std::vector<std::string>& options_of_a = {},
                             const std::vector<std::string>& options_of_b = {}) {
    candidates.start("a", options_of_a);
    const auto lead = candidates.leader();
    candidates.start("b", options_of_b);
    candidates.expect_of("b", "LEADER");
    return lead;
  }

  broker& kafka = the_broker();
  std::string topic = unique("leader");
  nodes candidates;
};

/// What is not about the group is tried with either arbitration.
inline const auto both = boost::unit_test::data::make({"group", "ledger"});

/// How often a test of endurance does what it does: the environment's NELI_TRIALS, or what is
/// enough for every day.
inline int trials(int normally) {
  const char* wanted = std::getenv("NELI_TRIALS");
  return wanted ? std::stoi(wanted) : normally;
}

}  // namespace neli::test
