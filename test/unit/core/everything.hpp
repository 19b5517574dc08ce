// SPDX-License-Identifier: BSL-1.0
// Each input and each action of the core once, to be printed.
#pragma once

#include "core/action.hpp"
#include "core/input.hpp"

#include <vector>

namespace neli::test::everything {

using namespace neli::core;
using namespace std::chrono_literals;

inline constexpr instant zero{10s};
inline constexpr instant now{zero + 1500us};
inline const neli::term led{"r", 5, zero + 3s};
inline const author ann{"id-1", "ann", "here", 3000ms};

inline const std::vector<neli::event> events{
    neli::leader_acquired{led},
    neli::leader_revoked{led, neli::revocation::resigned},
    neli::leader_fenced{led, neli::fencing::ledger_gap},
    neli::leader_changed{neli::leader_info{"id-1", "ann", "here", 5}, {}},
    neli::leader_changed{std::nullopt, neli::vacancy::released},
    neli::barrier_failed{{}, "no disk"},
    neli::trouble{{}, "no broker"},
    neli::task_failed{{}, "no work"},
};

inline const std::vector<any_input> inputs{
    input::reading{100, false},
    input::reading{0, true},
    input::reading{0, true, "log-1"},
    input::read{100, claim{"r", ann, 5, 99}},
    input::read{101, heartbeat{ann, 1, 100, {{"r", 5, 0ms}, {"s", 6, 20ms}}, {"t"}}},
    input::read{102, release{"r", "id-1", 5, 101, 30ms, 77}, 5000, 78},
    input::read{103, unreadable{}},
    input::end_reached{},
    input::gap{},
    input::appended{1},
    input::append_failed{2},
    input::assigned{"r"},
    input::asked_back{"r"},
    input::lost{"r"},
    input::left{},
    input::contend{"r"},
    input::watch{"r"},
    input::unwatch{"r"},
    input::barrier_done{"r", 3},
    input::resign{"r", 40ms},
    input::close{"r"},
    input::drop{"r"},
    input::fail{},
    input::set_metadata{"there"},
    input::tick{},
};

inline actions all_actions() {
  actions all{
      action::append{1, claim{"r", ann, 5, 99}},
      action::read_back{1000},
      action::lead{"r", 5, zero + 3s},
      action::stop_leading{"r"},
      action::run_barrier{"r", 3, events.front()},
      action::cancel_barrier{"r", 3},
      action::abandon_barrier{"r", 3},
      action::give_back{"r"},
      action::hindered{"r", neli::hindrance::another_leads},
      action::finished{"r"},
  };
  for (const auto& e : events) all.emplace_back(action::emit{"r", e});
  return all;
}

}  // namespace neli::test::everything
