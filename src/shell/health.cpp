// SPDX-License-Identifier: BSL-1.0
#include "shell/health.hpp"

#include <algorithm>

namespace neli::shell {

session_status health::status() const {
  const std::lock_guard lock{mutex_};
  return status_;
}

heartbeat_times health::heartbeats() const {
  const std::lock_guard lock{mutex_};
  return status_.heartbeats;
}

void health::note(const std::string& part, const trouble& t) {
  const auto same = [&](const auto& known) { return known.first == part; };
  if (!t.code)
    std::erase_if(troubles_, same);
  else if (std::none_of(troubles_.begin(), troubles_.end(), same))
    troubles_.emplace_back(part, t);
  const std::lock_guard lock{mutex_};
  status_.trouble = troubles_.empty() ? trouble{} : troubles_.front().second;
}

void health::note(const core::participant& p, clock::time_point now) {
  const heartbeat_times times{p.last_beat(), p.next_beat(), p.round_trip()};
  // After most steps nothing is new. It is written on the strand only, so here it is read without
  // the mutex.
  if (times == status_.heartbeats && p.at_end() != status_.behind_since.has_value()) return;
  const std::lock_guard lock{mutex_};
  status_.heartbeats = times;
  if (p.at_end())
    status_.behind_since.reset();
  else if (!status_.behind_since)
    status_.behind_since = now;
}

void health::note(candidate_state s) {
  const std::lock_guard lock{mutex_};
  status_.state = s;
}

}  // namespace neli::shell
