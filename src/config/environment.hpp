// SPDX-License-Identifier: BSL-1.0
// What is read from the process and the machine. Everything here has a portable fallback.
#pragma once

#include <cstdint>
#include <string>

namespace neli {

std::string program_name();
std::string host_name();
std::string process_number();
/// 128 random bits as text.
std::string random_id();
std::uint64_t random_seed();

}  // namespace neli
