// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/session.hpp"
#include <neli/config.hpp>

#include <memory>

namespace neli::shell {

/// A candidate with a session of its own. The configuration is complete.
std::shared_ptr<role> open(const asio::any_io_executor&, const config&, barrier_function,
                           const session::make_time&, const session::make_store&);

}  // namespace neli::shell
