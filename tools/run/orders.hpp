// SPDX-License-Identifier: BSL-1.0
// What `neli run` and its keeper tell each other, one message a packet of a Unix socket.
#pragma once

#include <neli/clock.hpp>

#include <cstdint>

namespace neli::tools {

/// By when the command's processes have to be gone.
struct limits {
  clock::time_point kill{};  ///< what is left is killed
  clock::time_point gone{};  ///< if any is left, the keeper has failed: it is killed too
};

/// From `neli run` to the keeper.
struct order {
  enum class kind : std::int32_t {
    start,   ///< the command, with this token
    renew,   ///< the limits
    stop,    ///< SIGTERM now, SIGKILL at the limit
    signal,  ///< to be passed on to the command
  };
  kind what{};
  std::int32_t signal = 0;
  std::uint64_t token = 0;
  limits until{};
};

/// From the keeper to `neli run`.
struct report {
  enum class kind : std::int32_t {
    started,
    not_started,  ///< why is in `value`, as an errno; nothing runs, and the keeper has ended
    ended,        ///< no process is left; `value` is as of `waitpid`, and the keeper has ended
    overdue,      ///< the same, and the keeper has ended it, as the limits were not renewed
  };
  kind what{};
  std::int32_t value = 0;
};

}  // namespace neli::tools
