// SPDX-License-Identifier: BSL-1.0
// What a process hands over so that others can know of its death.
#pragma once

#include "guard/descriptor.hpp"

namespace neli::guards {

struct evidence {
  /// Readable when all threads of the process have ended. The process has opened it for itself: a
  /// number may by now be another process's.
  descriptor pidfd;
  /// At its end when the process and all children that it has left have ended, or have closed what
  /// they inherited: they hold the other end, also the programs that they run.
  descriptor pipe;
};

/// Of this process, for as long as it lives. After a fork the child has its own. Throws
/// `std::system_error`. From any thread.
const evidence& evidence_of_this_process();

}  // namespace neli::guards
