// SPDX-License-Identifier: BSL-1.0
// Candidates of one election in processes of their own, and what tests wait for.
#pragma once

#include "harness/nodes.hpp"
#include "support/comes_about.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace neli::test {

/// For tests in which no lease may run out: even a busy machine delays no process for so long. Five
/// seconds were not enough.
constexpr std::chrono::milliseconds long_lease{15'000};
/// For tests in which a lease has to run out, and in which other leases may do so as well.
constexpr std::chrono::milliseconds short_lease{1000};

/// How often a test of endurance repeats its steps: the environment's NELI_TRIALS, or the given
/// number, which is enough for every day.
int trials(int normally);

struct election_fixture {
  /// All candidates run this subcommand.
  explicit election_fixture(std::vector<std::string> subcommand);

  /// Starts `a`, which leads, then `b`, which knows that. Returns a's LEAD.
  tools::fact start_a_then_b(const std::vector<std::string>& options_of_a = {},
                             const std::vector<std::string>& options_of_b = {});

  /// Lets time pass until the condition holds. Fails if that takes minutes.
  template <class Condition>
  void until(Condition so) {
    const auto pass = [this] { candidates.run_for(std::chrono::milliseconds{10}); };
    BOOST_REQUIRE_MESSAGE(comes_about(so, pass, std::chrono::minutes{2}), "it does not come about");
  }
  /// Waits until another candidate leads.
  tools::fact another_than(const std::string& name);
  /// Waits until the leader of that term has said that it was fenced, which may happen before the
  /// test does anything: a busy machine can delay a process for a short lease.
  std::string why_fenced(const tools::fact& lead);

  nodes candidates;
};

}  // namespace neli::test
