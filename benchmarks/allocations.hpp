// SPDX-License-Identifier: BSL-1.0
// In a program that links allocations.cpp, calls of operator new are counted.
#pragma once

#include <cstdint>

namespace neli::benchmarks {

/// How often this thread has called operator new.
std::uint64_t allocations() noexcept;

}  // namespace neli::benchmarks
