// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/record.hpp"
#include "sim/checks.hpp"

namespace neli::sim {

/// Tells the checks of the terms that a record in the ledger claims. A heartbeat's claim may have
/// been lost with an older ledger.
void note_claims(checks&, const core::record&);

}  // namespace neli::sim
