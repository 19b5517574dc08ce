// SPDX-License-Identifier: BSL-1.0
// Whoever links allocations.cpp has its calls of operator new counted.
#pragma once

#include <cstdint>

namespace neli::benchmarks {

/// How often this thread has called operator new.
std::uint64_t allocations() noexcept;

}  // namespace neli::benchmarks
