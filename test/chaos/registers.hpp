// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/stores/register.hpp>

#include <string>
#include <vector>

namespace neli::chaos {

/// The stores that this program was built with, beginning with Kafka.
std::vector<std::string> kinds();

/// For any of them but Kafka; `servers` is HOST:PORT,...
register_store register_of(const std::string& kind, const std::string& servers);

}  // namespace neli::chaos
