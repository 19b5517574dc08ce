// SPDX-License-Identifier: BSL-1.0
// What this process uses of the system, for tests in which nothing may be left behind.
#pragma once

#include <cstddef>

namespace neli::test {

std::ptrdiff_t descriptors();
/// The bytes of the heap that are in use.
std::ptrdiff_t heap();
long resident_kb();

/// The number of threads once it does not change any more: the threads of clients that say good-bye
/// end a little later, and the system lists a thread for a moment after it has been joined. On a
/// busy machine there may be some more.
std::ptrdiff_t settled_threads();
/// Waits until there are no more threads than before; false if that does not happen.
bool no_more_threads_than(std::ptrdiff_t before);

#ifdef NELI_SANITIZED
constexpr bool keeps_what_was_freed = true;
#else
constexpr bool keeps_what_was_freed = false;
#endif

}  // namespace neli::test
