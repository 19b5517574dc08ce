// SPDX-License-Identifier: BSL-1.0
// A process that is a guard.
#pragma once

#include "guard/proof.hpp"
#include <neli/guard.hpp>

namespace neli::guards {

/// Watches over the session at the other end of the socket that the process was started with, until
/// there is nothing more to do. Its exit status.
int run(make_guarded_store, sufficient);

/// The same for all sessions that connect to the socket.
void listen(const std::string& path, make_guarded_store);

}  // namespace neli::guards
