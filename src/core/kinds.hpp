// SPDX-License-Identifier: BSL-1.0
// One word for each kind of input and of action: in traces, and for observers.
#pragma once

#include "core/action.hpp"
#include "core/input.hpp"

#include <array>
#include <string_view>
#include <variant>

namespace neli::core {

// In the order of the alternatives.
inline constexpr std::array<std::string_view, 20> input_names{
    "reading",       "read",     "end_reached", "gap",          "appended",
    "append_failed", "assigned", "asked_back",  "lost",         "left",
    "contend",       "watch",    "unwatch",     "barrier_done", "resign",
    "close",         "drop",     "fail",        "set_metadata", "tick"};
inline constexpr std::array<std::string_view, 11> action_names{
    "append",         "read_back",       "emit",      "lead",     "stop_leading", "run_barrier",
    "cancel_barrier", "abandon_barrier", "give_back", "hindered", "finished"};
/// Of the first step, which has no input.
inline constexpr std::string_view start_name = "start";

static_assert(std::variant_size_v<any_input> == input_names.size());
static_assert(std::variant_size_v<any_action> == action_names.size());

}  // namespace neli::core
