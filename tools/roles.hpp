// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

namespace neli::tools {

/// Adds `neli roles`: candidates for many roles in one session, which print what happens to them.
void add_roles(CLI::App&);

}  // namespace neli::tools
