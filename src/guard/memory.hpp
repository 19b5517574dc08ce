// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sys/types.h>

namespace neli::guards {

/// From now on the memory of this process is freed when it has ended, and not before: the kernel
/// frees a process's memory first and tells of its end then, 30 to 80 ms later for each GB. So
/// another process shares the memory until this one has ended, or runs another program. It is
/// nobody's child, runs nothing of this one, and keeps nothing open. Returns it; after a fork the
/// child has its own. From any thread. Throws `std::system_error`.
::pid_t free_memory_later();

}  // namespace neli::guards
