// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/store.hpp"
#include <neli/config.hpp>

#include <memory>

namespace neli::stores::kafka {

/// Checks what librdkafka makes of a complete configuration. `appends`: for candidates, not for
/// followers alone. Throws `config_error`, and `std::system_error` when there are too few threads
/// left to try.
void check(const config&, bool appends);

/// Makes the store that the configuration tells of, which has been checked.
make_store open(std::shared_ptr<const config>, bool appends);

}  // namespace neli::stores::kafka
