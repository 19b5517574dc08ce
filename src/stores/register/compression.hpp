// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace neli::stores::registers {

std::string compressed(std::string_view);
/// Nothing if these are not the compressed form of exactly so many bytes. Needs no more memory than
/// for those.
std::optional<std::string> expanded(std::string_view, std::size_t size);

}  // namespace neli::stores::registers
