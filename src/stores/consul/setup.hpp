// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/consul/api.hpp"
#include <neli/stores/consul.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace neli::stores::consul {

/// Reads and checks the settings. Throws `config_error`.
std::shared_ptr<const access> make_access(const neli::consul&, std::chrono::milliseconds lease);
void check_key(const std::string&);

}  // namespace neli::stores::consul
