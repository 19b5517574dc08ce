// SPDX-License-Identifier: BSL-1.0
#include "sim/annals.hpp"

#include <iterator>
#include <variant>

namespace neli::sim {

void annals::append(core::offset at, const core::record& r) {
  if (!complete_) return;
  std::visit([&](const auto& one) { read(at, one); }, r);
}

annals::tenure annals::at(const std::string& role, core::offset o) const {
  const auto all = changes_.find(role);
  if (all == changes_.end()) return {};
  const auto later = all->second.upper_bound(o);
  return later == all->second.begin() ? tenure{} : std::prev(later)->second;
}

void annals::read(core::offset at, const core::claim& c) {
  const auto now = this->at(c.role, at);
  const bool has_seen_all = c.based_on >= now.last_counted && c.based_on < at;
  if (c.term > now.term && has_seen_all) changes_[c.role][at] = {c.term, c.by.id, at};
}

void annals::read(core::offset at, const core::heartbeat& h) {
  for (const auto& e : h.terms) {
    const auto now = this->at(e.role, at);
    const bool begins = e.term > now.term || (e.term == now.term && h.by.id != now.holder);
    if (begins || (e.term == now.term && !now.released))
      changes_[e.role][at] = {e.term, h.by.id, at};
  }
}

void annals::read(core::offset at, const core::release& r) {
  const auto now = this->at(r.role, at);
  if (r.term == now.term && r.id == now.holder && !now.released)
    changes_[r.role][at] = {r.term, r.id, at, true};
}

}  // namespace neli::sim
