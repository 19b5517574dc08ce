// SPDX-License-Identifier: BSL-1.0
// What a machine did, a line of JSON for each step, so that it can be checked against the
// protocol afterwards.
#pragma once

#include "core/action.hpp"
#include "core/input.hpp"
#include "core/settings.hpp"

#include <string>

namespace neli::core {

/// The first line: who traces, and by which settings.
std::string trace(instant, const identity&, const settings&, const actions& first);
std::string trace(instant, const any_input&, const actions&);

}  // namespace neli::core
