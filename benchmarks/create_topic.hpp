// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace neli::benchmarks {

/// Makes a topic with one partition, unless it exists. Throws on failure.
void create_topic(const std::string& servers, const std::string& topic);

}  // namespace neli::benchmarks
