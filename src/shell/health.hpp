// SPDX-License-Identifier: BSL-1.0
// How a session is: noted on its strand, asked from any thread.
#pragma once

#include "core/participant.hpp"
#include <neli/status.hpp>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace neli::shell {

class health {
 public:
  // --- from any thread ---

  session_status status() const;
  heartbeat_times heartbeats() const;

  // --- on the strand ---

  /// What the store's part cannot do at present; without a code: it can again.
  void note(const std::string& part, const trouble&);
  void note(const core::participant&, clock::time_point now);
  void note(candidate_state);

 private:
  mutable std::mutex mutex_;  ///< held for the time of a copy
  session_status status_;
  std::vector<std::pair<std::string, trouble>> troubles_;  ///< the oldest first
};

}  // namespace neli::shell
