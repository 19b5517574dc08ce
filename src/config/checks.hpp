// SPDX-License-Identifier: BSL-1.0
// What checks of single fields share. All throw `config_error`.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace neli {

[[noreturn]] void refuse(const std::string& field, const std::string& value,
                         const std::string& rule);

void check_within(const std::string& field, std::chrono::milliseconds value,
                  std::chrono::milliseconds least, std::chrono::milliseconds most,
                  const std::string& why = {});
void check_not_negative(const std::string& field, std::chrono::milliseconds);
/// Its length, and that it is UTF-8: what is written to the ledger must be readable there.
void check_text(const std::string& field, const std::string& value, std::size_t least,
                std::size_t most);

/// A duration as these messages have it.
std::string text(std::chrono::milliseconds);

}  // namespace neli
