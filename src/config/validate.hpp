// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/settings.hpp"
#include "stores/setup.hpp"
#include <neli/config.hpp>
#include <neli/lead_options.hpp>

#include <chrono>
#include <string>

namespace neli {

/// Fills in the defaults and checks everything but the store. Throws `config_error`. Of
/// neli::testing's too.
NELI_API config complete(config);
/// The store too, which must be named.
config complete(config, stores::use);

/// The same for what may also be given later.
void check_role(const std::string&);
void check_metadata(const std::string&);
void check_lead_options(const lead_options&, std::chrono::milliseconds lease);

/// The part of a complete configuration that the core works by.
core::settings settings_of(const config&, arbitration);

}  // namespace neli
