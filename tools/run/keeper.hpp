// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

namespace neli::tools {

/// Adds the command that `neli run` starts as a process of its own, one for each time that it
/// leads: the keeper. It starts the user's command and sees to it that the command and all that
/// comes of it is gone in time, also when `neli run` is killed or stands still. People do not call
/// it.
void add_keeper(CLI::App&);

/// What `neli run` calls it.
inline constexpr auto keeper_command = "keep-command";

}  // namespace neli::tools
