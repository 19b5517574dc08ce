// SPDX-License-Identifier: BSL-1.0
// A store whose claims a guard is told of.
#pragma once

#include "stores/store.hpp"
#include <neli/config.hpp>

namespace neli::guards {

/// The same store, except that a guard is started, by the configuration, which has one and is
/// complete. The session knows nothing of it, and one without a guard has nothing of it.
stores::make_store guarded(stores::make_store, const config&);

}  // namespace neli::guards
