// SPDX-License-Identifier: BSL-1.0
// Records, inputs and actions in one readable line each: for transcripts and traces.
#pragma once

#include "core/action.hpp"
#include "core/input.hpp"

#include <string>

namespace neli::core {

std::string print(const record&);
std::string print(const any_input&);
/// Times are printed as milliseconds since `zero`.
std::string print(const any_action&, instant zero);
std::string print(const event&, instant zero);

}  // namespace neli::core
