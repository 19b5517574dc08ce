// SPDX-License-Identifier: BSL-1.0
// Bytes in JSON.
#pragma once

#include <string>
#include <string_view>

namespace neli::stores::http {

std::string to_base64(std::string_view);
/// Throws `std::runtime_error`.
std::string from_base64(std::string_view);

}  // namespace neli::stores::http
