// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/lease.hpp"
#include <neli/arbitration.hpp>

#include <string>

namespace neli::core {

struct settings {
  neli::arbitration arbitration{};
  milliseconds lease{};
  milliseconds heartbeat_period{};
  milliseconds barrier_timeout{};
  /// Standbys that find a lease passed claim after a random part of this, so that few collide.
  milliseconds claim_spread{};
  drift rho;
};

/// Everything random or read from the environment is handed in.
struct identity {
  std::string id;  ///< new for every incarnation
  std::string name;
  std::string metadata;
  std::uint64_t seed = 0;  ///< of the random delays
};

}  // namespace neli::core
