// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "harness/broker.hpp"
#include "harness/election_fixture.hpp"
#include "harness/predecessor.hpp"
#include <neli/stores/kafka.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <chrono>
#include <string>
#include <utility>
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

/// Candidates on a topic of their own, with a session that is a second longer than the lease. The
/// first candidate need not wait for a lease.
struct kafka_fixture : election_fixture {
  explicit kafka_fixture(const std::string& arbitration = "group",
                         std::chrono::milliseconds lease = long_lease)
      : kafka_fixture{arbitration, lease, unique("leader")} {}

  broker& kafka = the_broker();
  std::string topic;
  std::chrono::milliseconds session;

 private:
  kafka_fixture(const std::string& arbitration, std::chrono::milliseconds lease, std::string name)
      : election_fixture{{"contend", "--servers", the_broker().servers(), "--topic", name,
                          "--arbitration", arbitration, "--lease-ms", std::to_string(lease.count()),
                          "--session-ms", std::to_string(session_for(lease).count()),
                          "--group-heartbeat-ms", "100"}},
        topic{std::move(name)},
        session{session_for(lease)} {
    have_a_predecessor(neli::kafka{{{"bootstrap.servers", kafka.servers()}}}, topic);
  }
  static std::chrono::milliseconds session_for(std::chrono::milliseconds lease) {
    return lease + std::chrono::seconds{1};
  }
};

/// Tests that are not about the group run with either arbitration.
inline const auto both = boost::unit_test::data::make({"group", "ledger"});

}  // namespace neli::test
