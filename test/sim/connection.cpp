// SPDX-License-Identifier: BSL-1.0
#include "sim/connection.hpp"

#include <algorithm>
#include <utility>

namespace neli::sim {

template <class F>
void connection::answer(F f) {
  machine_.post([weak = weak_from_this(), f = std::move(f)] {
    const auto self = weak.lock();
    if (self && !self->stopped_) f(*self);
  });
}

template <class F>
void connection::at(real when, F f) {
  around_.agenda.at(when, [weak = weak_from_this(), f = std::move(f)] {
    const auto self = weak.lock();
    if (self && !self->stopped_) f(*self);
  });
}

void connection::cut_off(real d) {
  machine_.say("is cut off from the ledger for " + std::to_string(d / 1ms) + " ms");
  cut_off_until_ = std::max(cut_off_until_, around_.agenda.now() + d);
}

void connection::lose_place() {
  if (!reading_) return;
  machine_.say("is told that its place in the ledger is gone");
  find_it_gone();
}

// --- reading ---

void connection::read_back(std::uint64_t records) {
  reading_ = false;
  fetched_.clear();
  // Short tails: what they hide is what starting to read has to cope with.
  if (around_.plan.short_tails) records = around_.dice.below(records / 100 + 1);
  const auto survey = around_.agenda.now() + around_.dice.between(5ms, 40ms);
  at(cut_off_until(survey), [nth = ++nth_reading_, records](connection& self) {
    if (nth == self.nth_reading_) self.start_reading(records);
  });
}

void connection::start_reading(std::uint64_t records) {
  const auto back = static_cast<core::offset>(std::min<std::uint64_t>(records, 1ULL << 62));
  position_ = std::max(ledger_.begin(), ledger_.end() - back);
  generation_ = ledger_.generation();
  reading_ = true;
  fetched_until_ = {};
  around_.take_aim(machine_.name());
  answer([nth = nth_reading_, since = position_, beginning = position_ == ledger_.begin(),
          log = ledger_.name()](connection& self) {
    if (nth == self.nth_reading_) self.client_.reading(since, beginning, log);
  });
  expect_news(nth_reading_);
  fetch_later(around_.dice.between(300us, 3ms));
}

void connection::expect_news(std::uint64_t nth) {
  ledger_.on_news([weak = weak_from_this(), nth] {
    const auto self = weak.lock();
    if (!self || self->stopped_ || self->nth_reading_ != nth) return false;
    self->fetch_later(self->around_.dice.between(300us, 3ms));
    return true;
  });
}

void connection::fetch_later(real wait) {
  if (around_.strikes(around_.plan.faults.slow_read)) wait = around_.dice.between(0s, 2 * lease);
  const auto when = cut_off_until(around_.agenda.now() + wait);
  // What is on its way brings this too.
  if (when <= fetched_until_) return;
  fetched_until_ = when;
  at(when, [nth = nth_reading_](connection& self) { self.fetch(nth); });
}

void connection::fetch(std::uint64_t nth) {
  if (nth != nth_reading_ || !reading_) return;
  if (machine_.frozen())
    return at(machine_.frozen_until(), [nth](connection& self) { self.fetch(nth); });
  const bool anew =
      around_.plan.assumptions.new_ledger_is_noticed && generation_ != ledger_.generation();
  const bool gone = anew || position_ < ledger_.begin() || position_ > ledger_.end();
  if (gone) return find_it_gone();
  for (; position_ < ledger_.end(); ++position_)
    fetched_.push_back({item::kind::record, position_, ledger_.at(position_)});
  fetched_.push_back({item::kind::end, 0, nullptr});
  answer([nth](connection& self) { self.deliver(nth); });
}

void connection::find_it_gone() {
  reading_ = false;
  fetched_.push_back({item::kind::gap, 0, nullptr});
  answer([nth = nth_reading_](connection& self) { self.deliver(nth); });
}

void connection::deliver(std::uint64_t nth) {
  while (nth == nth_reading_ && !stopped_ && !machine_.dead() && !fetched_.empty()) {
    const auto next = std::move(fetched_.front());
    fetched_.pop_front();
    deliver(next);
  }
}

void connection::deliver(const item& i) {
  switch (i.is) {
    case item::kind::record: return client_.record(i.at, *i.what);
    case item::kind::end: return client_.end_reached();
    case item::kind::gap: return client_.gap();
  }
}

// --- appending ---

void connection::append(core::ticket t, entry_ptr e) {
  const auto& f = around_.plan.faults;
  auto& dice = around_.dice;
  const auto now = around_.agenda.now();
  if (const auto* r = std::get_if<core::record>(&e->says())) {
    const bool claims = std::holds_alternative<core::claim>(*r);
    pace_.appends(now, claims);
    if (claims || std::holds_alternative<core::release>(*r)) around_.take_aim(machine_.name());
  }
  if (around_.strikes(f.overtaken)) {
    around_.agenda.at(now + dice.between(0s, 2 * lease), [&l = ledger_, e] { l.append(e); });
    return report(t, now + dice.between(1ms, lease), false);
  }
  const bool slow = around_.strikes(f.slow_append);
  const auto arrives =
      cut_off_until(now + (slow ? dice.between(0s, 2 * lease) : dice.between(500us, 5ms)));
  appended_until_ = std::max(arrives, appended_until_ + 1us);
  if (arrives > now + 2 * lease || around_.strikes(f.lose_append))
    return report(t, now + lease, false);
  around_.agenda.at(appended_until_,
                    [self = shared_from_this(), t, e, now] { self->arrive(t, e, now); });
}

void connection::arrive(core::ticket t, const entry_ptr& e, real sent) {
  const auto& f = around_.plan.faults;
  auto& dice = around_.dice;
  // Who stands still, or is gone, may have sent it before that, or never.
  const bool late = machine_.frozen() && dice.chance(0.5);
  if (late)
    return around_.agenda.at(machine_.frozen_until(),
                             [self = shared_from_this(), t, e, sent] { self->arrive(t, e, sent); });
  if ((stopped_ || machine_.dead()) && dice.chance(0.5)) return;
  ledger_.append(e);
  const auto now = around_.agenda.now();
  if (around_.strikes(f.duplicate))
    around_.agenda.at(now + dice.between(0s, 20ms), [&l = ledger_, e] { l.append(e); });
  const bool well = !around_.strikes(f.lose_ack);
  report(t, well ? now + dice.between(100us, 2ms) : std::max(now, sent + lease), well);
}

void connection::report(core::ticket t, real when, bool well) {
  at(when, [t, well](connection& self) {
    self.answer([t, well](connection& c) {
      if (well)
        c.client_.appended(t);
      else
        c.client_.append_failed(t);
    });
  });
}

}  // namespace neli::sim
