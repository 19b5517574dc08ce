// SPDX-License-Identifier: BSL-1.0
// What is a valid name, and the names that are derived when none is given. Those are always valid.
#pragma once

#include <cstddef>
#include <string>

namespace neli {

bool is_utf8(const std::string&);
/// The first bytes of a text, at most so many, without a part of a character.
std::string cut(const std::string&, std::size_t most);

/// What every store takes for the name of a ledger: up to so many ASCII letters, digits, '.', '_'
/// and '-'.
constexpr std::size_t longest_plain_name = 249;
bool is_plain(char) noexcept;

/// The name, if nothing of it had to be replaced and it is short enough; else `may_be`, cut, and a
/// hash that tells apart names that would be the same then.
std::string fitted(const std::string& name, const std::string& may_be, std::size_t most);

/// A plain name, the same in all processes of a program.
std::string derived_ledger(const std::string& program);
/// For people to read.
std::string derived_name(const std::string& host, const std::string& program,
                         const std::string& process);

}  // namespace neli
