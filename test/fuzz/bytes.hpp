// SPDX-License-Identifier: BSL-1.0
// What the targets share: values drawn from a fuzzer's bytes, and a way to say what must not be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <source_location>
#include <span>

namespace neli::fuzz {

/// Ends the process at once, which is what a fuzzer takes for a finding.
inline void require(bool holds, const char* what,
                    std::source_location where = std::source_location::current()) {
  if (holds) return;
  std::cerr << where.file_name() << ":" << where.line() << ": not so: " << what << std::endl;
  std::abort();
}

/// Zeros when there are no more.
class bytes {
 public:
  explicit bytes(std::span<const std::uint8_t> all) : left_{all} {}

  bool empty() const { return left_.empty(); }

  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const auto first = left_.front();
    left_ = left_.subspan(1);
    return first;
  }
  /// Below n.
  std::size_t pick(std::size_t n) { return byte() % n; }
  bool flip() { return pick(2) == 1; }
  std::int64_t number(int width) {
    std::int64_t n = 0;
    while (width-- > 0) n = n << 8 | byte();
    return n;
  }
  template <class T>
  T one_of(std::initializer_list<T> all) {
    return all.begin()[pick(all.size())];
  }

 private:
  std::span<const std::uint8_t> left_;
};

}  // namespace neli::fuzz
