// SPDX-License-Identifier: BSL-1.0
#include "stores/register/known_value.hpp"

#include <algorithm>
#include <utility>

namespace neli::stores::registers {

namespace {

constexpr std::size_t fewest = 16;  // records that are kept however old they are
constexpr int leases_kept = 4;

std::int64_t in_ms(clock::time_point t) {
  return std::chrono::floor<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

}  // namespace

void known_value::note(register_value v, registers::tail t, clock::time_point now) {
  const bool goes_on = t.log == tail_.log;
  std::deque<clock::time_point> read;
  for (auto o = t.first; o < t.end(); ++o) {
    const bool known = goes_on && tail_.has(o);
    read.push_back(known ? read_[static_cast<std::size_t>(o - tail_.first)] : now);
    if (!known)
      ahead_ = std::max(ahead_.value_or(INT64_MIN),
                        static_cast<std::int64_t>(t.at(o).taken) - in_ms(now));
  }
  version_ = std::move(v.version);
  bytes_ = std::move(v.bytes);
  tail_ = std::move(t);
  read_ = std::move(read);
  ++changes_;
}

core::stamp known_value::log_time(clock::time_point now, core::stamp time_of_day) const {
  const auto least = ahead_ ? std::max<std::int64_t>(0, *ahead_ + in_ms(now)) : 0;
  return std::min(std::max(time_of_day, static_cast<core::stamp>(least)), core::latest_stamp);
}

std::size_t known_value::forgettable(clock::time_point now, std::size_t added) const {
  const auto old = std::find_if(read_.begin(), read_.end(),
                                [&](auto t) { return now - t < leases_kept * lease_; });
  const auto all = tail_.entries.size() + added;
  return std::min(static_cast<std::size_t>(old - read_.begin()), all - std::min(all, fewest));
}

}  // namespace neli::stores::registers
