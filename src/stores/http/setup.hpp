// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/http/client.hpp"
#include <neli/stores/tls.hpp>

#include <optional>
#include <string>
#include <vector>

namespace neli::stores::http {

/// From settings, with limits that suit the lease. Throws `config_error` for one of the two fields.
servers make_servers(const std::string& endpoints_field, const std::vector<std::string>& endpoints,
                     const std::string& tls_field, const std::optional<neli::tls>&,
                     milliseconds lease);

}  // namespace neli::stores::http
