// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

namespace neli::tools {

/// Adds `neli demo`: what happens to leadership when processes leave, crash and are paused.
void add_demo(CLI::App&);

}  // namespace neli::tools
