// SPDX-License-Identifier: BSL-1.0
// Processes that are nobody's child, and that share this one's memory while they run its code. So
// nothing that they call may need a lock or memory; and they ask the kernel itself, as wrappers (a
// sanitizer's, for instance) may note in that memory what is not so for this process.
#pragma once

#include "guard/descriptor.hpp"

#include <sys/types.h>

namespace neli::guards {

/// Runs the function in such a process, which blocks all signals: this process gets no SIGCHLD for
/// it, and no call that waits for children sees it. With `CLONE_VFORK` as its flags it does not
/// return before the new process runs another program, or has ended. Returns its number; throws
/// `std::system_error`.
::pid_t run_apart(int (*)(void*), void* given, char* stack_top, int flags);

/// Of the calling process, which may be one of these.
void close_from(int first);

/// The same file by a number that is not less. Throws `std::system_error`.
descriptor duplicate(int fd, int least);

}  // namespace neli::guards
