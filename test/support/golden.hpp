// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace neli::test {

/// Fails the running test unless the text equals the file `test/<name>.golden`. With
/// NELI_UPDATE_GOLDEN set the file is written instead.
void expect_golden(const std::string& name, const std::string& text);

}  // namespace neli::test
