// SPDX-License-Identifier: BSL-1.0
#include "stores/register/known_value.hpp"

#include <algorithm>
#include <utility>

namespace neli::stores::registers {

namespace {

constexpr std::size_t fewest = 16;  // records that are kept however old they are
constexpr int leases_kept = 4;

}  // namespace

void known_value::note(register_value v, registers::tail t, clock::time_point now) {
  const bool goes_on = t.log == tail_.log;
  std::deque<clock::time_point> read;
  for (auto o = t.first; o < t.end(); ++o) {
    const bool known = goes_on && tail_.has(o) && tail_.at(o) == t.at(o);
    read.push_back(known ? read_[static_cast<std::size_t>(o - tail_.first)] : now);
    if (!known) clock_.note(t.at(o).taken, now);
  }
  version_ = std::move(v.version);
  bytes_ = std::move(v.bytes);
  tail_ = std::move(t);
  read_ = std::move(read);
  ++changes_;
}

core::stamp known_value::log_time(clock::time_point now, core::stamp time_of_day) const {
  return std::min(std::max(time_of_day, clock_.at(now)), core::latest_stamp);
}

std::size_t known_value::forgettable(clock::time_point now, std::size_t added) const {
  const auto old = std::find_if(read_.begin(), read_.end(),
                                [&](auto t) { return now - t < leases_kept * lease_; });
  const auto all = tail_.entries.size() + added;
  return std::min(static_cast<std::size_t>(old - read_.begin()), all - std::min(all, fewest));
}

}  // namespace neli::stores::registers
