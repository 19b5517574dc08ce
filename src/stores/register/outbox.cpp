// SPDX-License-Identifier: BSL-1.0
#include "stores/register/outbox.hpp"

#include <utility>

namespace neli::stores::registers {

void outbox::add(core::ticket t, std::string value, clock::time_point until) {
  items_.push_back({t, ++last_number_, until, std::move(value)});
}

template <class Leaves>
outbox::tickets outbox::take(Leaves leaves) {
  tickets taken;
  std::erase_if(items_, [&](const item& i) {
    if (!leaves(i)) return false;
    taken.push_back(i.ticket);
    return true;
  });
  return taken;
}

outbox::tickets outbox::found_in(const tail& t) {
  return take([&](const item& i) { return t.has(author_, i.number); });
}

outbox::tickets outbox::written_up_to(std::uint64_t number) {
  return take([&](const item& i) { return i.number <= number; });
}

outbox::tickets outbox::late(clock::time_point now) {
  return take([&](const item& i) { return i.until <= now; });
}

core::ticket outbox::refuse_first() {
  const auto t = items_.front().ticket;
  items_.pop_front();
  return t;
}

outbox::tickets outbox::all() {
  return take([](const item&) { return true; });
}

}  // namespace neli::stores::registers
