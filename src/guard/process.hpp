// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

namespace neli::guards {

/// The guard finds its socket there.
constexpr int socket_of_guard = 3;

/// Starts a program that has the socket, and nothing else of this process: no other descriptor, no
/// terminal, not its process group. It is nobody's child: this process gets no SIGCHLD for it, and
/// no call that waits for children sees it. It ignores the signals that end a group of processes
/// together: it ends with its socket, and they come before there is anything to release. Blocks
/// until the program runs, about a millisecond. Throws `std::system_error`.
void start_apart(const std::vector<std::string>& command, int socket);

}  // namespace neli::guards
