// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace neli::tools {

/// For `neli::make_tracer`: a file that has every line, even if the process is killed. Throws
/// `std::runtime_error` if it cannot be written.
std::function<void(std::string_view line)> trace_to(const std::string& file);

}  // namespace neli::tools
