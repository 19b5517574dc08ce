// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/register/tail.hpp"
#include <neli/clock.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace neli::stores::registers {

/// The records of one ledger that are not known to be in the log, in their order. Pure.
class outbox {
 public:
  struct item {
    core::ticket ticket = 0;
    std::uint64_t number = 0;
    clock::time_point until;  ///< then it has failed
    std::string value;
  };
  using tickets = std::vector<core::ticket>;

  explicit outbox(std::uint64_t author) : author_{author} {}

  std::uint64_t author() const { return author_; }
  const std::deque<item>& items() const { return items_; }
  bool empty() const { return items_.empty(); }
  /// When the next one will have failed.
  clock::time_point next_failure() const {
    return items_.empty() ? clock::time_point::max() : items_.front().until;
  }

  void add(core::ticket, std::string value, clock::time_point until);

  // --- what leaves it ---

  /// All that are in the log, be it that it was not known yet.
  tickets found_in(const tail&);
  /// All up to this number, which were written.
  tickets written_up_to(std::uint64_t number);
  /// All for which it is too late.
  tickets late(clock::time_point now);
  core::ticket refuse_first();
  tickets all();

 private:
  template <class Leaves>
  tickets take(Leaves);

  const std::uint64_t author_;
  std::uint64_t last_number_ = 0;
  std::deque<item> items_;
};

}  // namespace neli::stores::registers
