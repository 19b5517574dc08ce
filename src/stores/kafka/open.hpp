// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/store.hpp"
#include <neli/config.hpp>

#include <memory>

namespace neli::stores::kafka {

/// What makes the store of a complete configuration. `appends`: for candidates, not for followers
/// alone. Checks what librdkafka makes of the configuration: throws `config_error`, and
/// `std::system_error` when there are too few threads left to try.
make_store open(std::shared_ptr<const config>, bool appends);

}  // namespace neli::stores::kafka
