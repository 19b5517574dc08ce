// SPDX-License-Identifier: BSL-1.0
#include "sim/annals.hpp"

#include <iterator>
#include <variant>

namespace neli::sim {

void annals::append(core::fingerprint what, const core::record* r) {
  if (!complete_) return;
  const auto at = static_cast<core::offset>(log_.size());
  log_.push_back(what);
  if (r) std::visit([&](const auto& one) { read(at, one); }, *r);
}

void annals::begin_anew() { *this = {}; }

bool annals::tell_of(core::offset at, core::fingerprint what) const {
  if (at == core::before_first) return complete_;
  const auto i = static_cast<std::size_t>(at);
  return complete_ && i < log_.size() && log_[i] == what;
}

annals::tenure annals::at(const std::string& role, core::offset o) const {
  const auto all = changes_.find(role);
  if (all == changes_.end()) return {};
  const auto later = all->second.upper_bound(o);
  return later == all->second.begin() ? tenure{} : std::prev(later)->second;
}

void annals::read(core::offset at, const core::claim& c) {
  const auto now = this->at(c.role, at);
  const bool has_seen_all =
      c.based_on >= now.last_counted && is_of_this_log(at, c.based_on, c.seen);
  if (c.term > now.term && has_seen_all) changes_[c.role][at] = {c.term, c.by.id, at};
}

/// A record that was sent to an earlier log tells of what its author has read there.
bool annals::is_of_this_log(core::offset at, core::offset based_on, core::fingerprint seen) const {
  if (based_on >= at) return false;
  return seen == 0 || based_on == core::before_first ||
         log_[static_cast<std::size_t>(based_on)] == seen;
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
