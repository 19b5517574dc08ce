// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/settings.hpp"
#include <neli/config.hpp>
#include <neli/lead_options.hpp>

#include <chrono>
#include <string>

namespace neli {

/// Fills in the defaults and checks everything but what only the store can check. Throws
/// `config_error`.
config complete(config);

/// The same for what may also be given later.
void check_role(const std::string&);
/// A role to be contended for with a complete configuration.
void check_contender(const config&, const std::string& role);
void check_metadata(const std::string&);

void check_not_negative(const std::string& field, std::chrono::milliseconds);
void check_lead_options(const lead_options&, std::chrono::milliseconds lease);

/// The part of a complete configuration that the core works by.
core::settings settings_of(const config&);

}  // namespace neli
