// SPDX-License-Identifier: BSL-1.0
// From one arbitration to the other without stopping.
#include "kafka/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <facts.hpp>

using namespace std::chrono_literals;
using neli::test::kafka_fixture;
using neli::test::short_lease;
using neli::test::trials;

namespace {

struct restart {
  std::int64_t ns;
  std::string description;
};

/// How long nobody led, all together, between `from` and `to`.
std::chrono::nanoseconds gaps(const std::vector<neli::tools::fleet::interval>& led,
                              std::int64_t from, std::int64_t to) {
  std::int64_t sum = 0;
  for (std::size_t i = 1; i < led.size(); ++i)
    if (led[i - 1].to >= from && led[i - 1].to < to) sum += led[i].from - led[i - 1].to;
  return std::chrono::nanoseconds{sum};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(moves)

BOOST_AUTO_TEST_CASE(a_fleet_moves_from_group_to_ledger_and_back) {
  kafka_fixture with{"group", short_lease};
  auto& candidates = with.candidates;
  const std::vector<std::string> names{"a", "b", "c"};
  for (const auto& name : names) candidates.start(name);
  candidates.leader();
  candidates.run_for(700ms);  // several group heartbeats: the rebalance is over
  std::vector<restart> restarts;
  for (std::size_t i = 0; i < static_cast<std::size_t>(trials(6)); ++i) {
    const auto& name = names[i % 3];
    const std::string arbitration = i / 3 % 2 == 0 ? "ledger" : "group";
    restarts.push_back({neli::tools::now_ns(), name + " as " + arbitration});
    candidates.close(name);
    candidates.start(name, {"--arbitration", arbitration});
    candidates.expect_of(name, "LEADER");
    // The member to which the group assigns the role may take it from a leader outside of the
    // group.
    candidates.run_for(1s);
    candidates.leader();
  }
  restarts.push_back({neli::tools::now_ns(), "the end"});
  candidates.end();

  const auto led = candidates.led();
  std::chrono::nanoseconds sum{}, longest{};
  for (std::size_t i = 0; i + 1 < restarts.size(); ++i) {
    const auto gap = gaps(led, restarts[i].ns, restarts[i + 1].ns);
    BOOST_TEST_MESSAGE(restarts[i].description << ": " << gap / 1ms << " ms without a leader");
    sum += gap;
    longest = std::max(longest, gap);
  }
  BOOST_TEST_MESSAGE(restarts.size() - 1 << " restarts: " << sum / 1ms << " ms, the longest "
                                         << longest / 1ms << " ms");
  BOOST_TEST((longest < 1min));
}

BOOST_AUTO_TEST_SUITE_END()
