// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/session.hpp"
#include <neli/config.hpp>

#include <memory>

namespace neli::kafka {

/// The configuration, completed and checked. Throws `config_error`, and `std::system_error` when
/// there are too few threads left to try what librdkafka makes of it.
std::shared_ptr<const config> checked(config);
/// The same for those that only read.
std::shared_ptr<const config> checked_for_follower(config);

/// A session on Kafka that has not started yet. Throws `config_error`.
std::shared_ptr<shell::session> open(const boost::asio::any_io_executor&,
                                     const std::shared_ptr<const config>&);

}  // namespace neli::kafka
