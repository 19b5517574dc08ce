// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

namespace neli::tools {

/// Adds `neli run`: runs a command while this candidate leads.
void add_run(CLI::App&);

}  // namespace neli::tools
