// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/action.hpp"
#include "core/input.hpp"
#include "core/settings.hpp"

namespace neli::detail {

/// What an `election_step` is a view of.
struct raw_step {
  core::instant at;
  const core::any_input* in = nullptr;  ///< null: the first step
  const core::actions& out;
  const core::identity& self;
  const core::settings& settings;
};

}  // namespace neli::detail
