// SPDX-License-Identifier: BSL-1.0
// Any value whatever in a register: it is refused, or it is a tail that comes back as it was
// written.
#include "fuzz/bytes.hpp"
#include "stores/register/tail.hpp"

#include <string_view>

using namespace neli::stores::registers;
using neli::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tail read;
  try {
    read = decode({reinterpret_cast<const char*>(data), size});
  } catch (const not_a_tail& e) {
    require(std::string_view{e.what()}.size() > 5, "it says what is wrong");
    return 0;
  }
  require(size_of(read) <= largest_tail, "a tail is within its bounds");
  if (read.log == 0) return 0;
  require(decode(encode(read)) == read, "it comes back as it was written");
  require(compare(read, read) == relation::same, "it is the same");
  return 0;
}
