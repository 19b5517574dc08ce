// SPDX-License-Identifier: BSL-1.0
// From a user's configuration to a session on the store that it names.
#pragma once

#include "shell/session.hpp"
#include <neli/config.hpp>

#include <memory>

namespace neli {

/// What the session is for.
enum class use { contending, following };

/// The configuration, completed and checked, also by its store. Throws like `neli::candidate`'s
/// constructor. One for following enters no group, whatever the candidates do.
std::shared_ptr<const config> checked(config, use);

/// A session that has not started yet, with a configuration that has been checked for that use.
/// Throws like `checked`.
std::shared_ptr<shell::session> open(const asio::any_io_executor&,
                                     const std::shared_ptr<const config>&, use);

}  // namespace neli
