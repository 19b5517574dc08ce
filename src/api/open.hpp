// SPDX-License-Identifier: BSL-1.0
// From a user's configuration to a session on the store that it names.
#pragma once

#include "shell/session.hpp"
#include "stores/setup.hpp"
#include <neli/config.hpp>

#include <memory>

namespace neli {

struct opened {
  std::shared_ptr<const neli::config> config;  ///< completed and checked, also by the store
  std::shared_ptr<shell::session> session;     ///< has not started yet
};

/// Throws like `neli::candidate`'s constructor.
opened open(const asio::any_io_executor&, config, stores::use);

}  // namespace neli
