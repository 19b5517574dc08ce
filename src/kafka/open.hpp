// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/role.hpp"
#include <neli/candidate.hpp>
#include <neli/config.hpp>

#include <memory>

namespace neli::kafka {

/// A candidate with a session of its own on Kafka. Throws `config_error`.
std::shared_ptr<shell::role> contend(const boost::asio::any_io_executor&, config, barrier_function);

}  // namespace neli::kafka
