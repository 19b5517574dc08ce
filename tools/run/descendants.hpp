// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace neli::tools {

/// From now on, descendants of this process whose parent has ended become its children, however
/// they have made themselves independent. False if the system refuses.
bool adopt_orphans();

/// This process's children, their children and so on, but for zombies; not `spared` and what is
/// below them. One that is made meanwhile may be missing.
std::vector<pid_t> descendants(const std::vector<pid_t>& spared = {});

/// Those children of this process that were started with exactly these words.
std::vector<pid_t> children_called(const std::vector<std::string>& words);

void signal_descendants(int signal, const std::vector<pid_t>& spared = {});

}  // namespace neli::tools
