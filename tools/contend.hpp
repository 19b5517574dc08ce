// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

namespace neli::tools {

/// Adds `neli contend`: one candidate as a process, which prints what happens to it.
void add_contend(CLI::App&);

}  // namespace neli::tools
