// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

namespace neli::tools {

/// Adds `neli follow`: one follower as a process, which prints who leads.
void add_follow(CLI::App&);

}  // namespace neli::tools
