// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/store.hpp"
#include <neli/config.hpp>

#include <memory>

namespace neli::stores::kafka {

/// The function that makes the store of a complete configuration. `appends`: whether there are
/// candidates, not followers alone. Has librdkafka check the configuration: throws `config_error`,
/// and `std::system_error` when there are too few threads left to try.
make_store open(std::shared_ptr<const config>, bool appends);

}  // namespace neli::stores::kafka
