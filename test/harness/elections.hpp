// SPDX-License-Identifier: BSL-1.0
// What has to hold over every store: each store's tests call these with candidates of its own.
#pragma once

#include "harness/election_fixture.hpp"

#include <chrono>

namespace neli::test {

/// At each of so many hand-overs.
void check_that_a_hand_over_waits_for_the_barrier(election_fixture&, int hand_overs,
                                                  std::chrono::milliseconds barrier);

// With `short_lease`.
void check_that_another_leads_after_a_crash(election_fixture&);
void check_that_a_paused_leader_says_no_from_its_first_answer_on(election_fixture&);

}  // namespace neli::test
