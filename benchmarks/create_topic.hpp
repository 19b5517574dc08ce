// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace neli::benchmarks {

/// With one partition, unless it is there. Throws if it cannot.
void create_topic(const std::string& servers, const std::string& topic);

}  // namespace neli::benchmarks
