// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/broker.hpp"
#include "support/nodes.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <string>
#include <utility>
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
  explicit kafka_fixture(std::string arbitration = "group") : how{std::move(arbitration)} {}

  std::string how;
  broker& kafka = the_broker();
  std::string topic = unique("leader");
  nodes candidates{{"contend", "--servers", kafka.servers(), "--topic", topic, "--arbitration", how,
                    "--lease-ms", "1000", "--session-ms", "2000", "--group-heartbeat-ms", "100"}};
};

/// What is not about the group is tried with either arbitration.
inline const auto both = boost::unit_test::data::make({"group", "ledger"});

}  // namespace neli::test
