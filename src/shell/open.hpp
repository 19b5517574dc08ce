// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/session.hpp"
#include <neli/config.hpp>
#include <neli/session.hpp>

#include <memory>

namespace neli::shell {

// neli::testing, a library of its own, calls these.

/// A session that has not started yet, by a complete configuration.
NELI_API std::shared_ptr<session> open(const asio::any_io_executor&, const config&, core::identity,
                                       const session::make_time&, const stores::make_store&);

/// The handle that users hold, for candidates and followers of any roles. Starts the session.
NELI_API neli::session handle_of(std::shared_ptr<session>, std::shared_ptr<const config>);

/// A session's only candidate, for the role of its configuration.
NELI_API std::shared_ptr<candidate> contend(const std::shared_ptr<session>&, const config&,
                                            barrier_function);
/// A session's only follower.
NELI_API std::shared_ptr<follower> follow(const std::shared_ptr<session>&, const config&);

}  // namespace neli::shell
