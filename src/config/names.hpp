// SPDX-License-Identifier: BSL-1.0
// What is a valid name, and the names that are derived when none is given. Those are always valid.
#pragma once

#include <cstddef>
#include <string>

namespace neli {

constexpr std::size_t longest_topic = 249;
constexpr std::size_t longest_group = 255;

bool is_utf8(const std::string&);
/// The first bytes of a text, at most so many, without a part of a character.
std::string cut(const std::string&, std::size_t most);
bool fits_a_topic(char) noexcept;

/// The same in all processes of a program. Where characters have to be replaced or cut, a hash
/// tells apart programs whose names would be the same then.
std::string derived_topic(const std::string& program);
/// For a role that no other process of the group knows of.
std::string derived_group(const std::string& program, const std::string& role);
/// For people to read.
std::string derived_name(const std::string& host, const std::string& program,
                         const std::string& process);

}  // namespace neli
