// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/etcd/gateway.hpp"
#include <neli/stores/etcd.hpp>
#include <neli/stores/register.hpp>

#include <chrono>
#include <memory>

namespace neli::stores::etcd {

/// Reads and checks the settings. Throws `config_error`.
std::shared_ptr<const access> make_access(const neli::etcd&, std::chrono::milliseconds lease);

register_store as_register(const neli::etcd&);

}  // namespace neli::stores::etcd
