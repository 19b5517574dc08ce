// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

namespace neli::tools {

/// `neli guard`
void add_guard(CLI::App&);

}  // namespace neli::tools
