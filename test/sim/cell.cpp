// SPDX-License-Identifier: BSL-1.0
#include "sim/cell.hpp"

#include "core/print.hpp"
#include "core/record.hpp"
#include "sim/claims.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace neli::sim {

namespace {

constexpr real remembered = 10s;

/// Versions are no numbers that grow.
std::string version(std::uint64_t nth) { return std::to_string(nth * 0x9e3779b97f4a7c15u); }

}  // namespace

const register_value& cell::earlier() const {
  if (formers_.empty()) return now_;
  return formers_[around_.dice.below(formers_.size())].what;
}

bool cell::swap(const std::string& expected, const std::string& bytes) {
  if (expected != now_.version) return false;
  set(bytes);
  return true;
}

void cell::set(std::string bytes) {
  const auto t = around_.agenda.now();
  formers_.push_back({t, std::move(now_)});
  while (formers_.front().until < t - remembered) formers_.pop_front();
  now_ = {std::move(bytes), {}};
  if (!now_.bytes.empty()) now_.version = version(++last_version_);
  auto tail = stores::registers::decode(now_.bytes);
  note_new(tail);
  tail_ = std::move(tail);
  std::erase_if(watchers_, [](const auto& changed) { return !changed(); });
}

void cell::note_new(const stores::registers::tail& t) {
  const bool goes_on = t.log == tail_.log;
  for (auto o = goes_on ? std::max(t.first, tail_.end()) : t.first; o < t.end(); ++o) {
    const auto what = core::decode(t.at(o).value);
    const auto* r = std::get_if<core::record>(&what);
    if (around_.out)
      around_.say("register", std::to_string(o) + " " + (r ? core::print(*r) : "(noise)"));
    if (!r) continue;
    note_claims(around_.checks, *r);
    if (const auto* c = std::get_if<core::claim>(r)) around_.take_aim(c->by.id);
    if (const auto* x = std::get_if<core::release>(r)) around_.take_aim(x->id);
  }
}

// --- faults ---

void cell::suffer_faults() {
  if (!around_.faulty()) return;
  const auto& f = around_.plan.faults;
  constexpr auto often = 100ms;
  constexpr double part = 0.1;
  if (around_.strikes(f.recreate * part)) remove();
  if (around_.strikes(f.restore * part)) restore();
  if (around_.strikes(f.noise * part)) make_noise();
  around_.agenda.after(often, [this] { suffer_faults(); });
}

void cell::remove() {
  around_.say("register", "is deleted");
  around_.checks.ledger_forgets();
  set({});
  around_.take_aim();
}

/// The store is away for longer than a lease, as a lost record may have been a leader's.
void cell::restore() {
  if (!is_up()) return;
  const auto back = earlier().bytes;
  const bool long_away = around_.plan.assumptions.restored_after_a_lease;
  const auto away = long_away ? around_.dice.between(lease * 11 / 10, 3 * lease) : 1ms;
  around_.say("register", "is away, and then restored from a backup");
  up_again_ = around_.agenda.now() + away;
  around_.agenda.at(up_again_ - 1ns, [this, back] {
    around_.checks.ledger_forgets();
    around_.checks.tokens_begin_anew();
    around_.say("register", "is restored");
    set(back);
    around_.take_aim();
  });
}

void cell::forget_before(core::offset first) {
  auto t = tail_;
  for (; t.first < first && !t.entries.empty(); ++t.first) t.entries.pop_front();
  set(encode(t));
}

/// Many others write, for roles of their own.
void cell::make_noise() {
  const std::string id = "stranger" + std::to_string(around_.dice.below(3));
  for (auto n = around_.dice.below(20); n > 0; --n) {
    const core::heartbeat beat{
        {id, id, {}, lease}, n, core::before_first, {{"elsewhere", n, {}}}, {}};
    const auto what = around_.dice.chance(0.2) ? "no record of ours" : core::encode(beat);
    around_.agenda.after(around_.dice.between(0ms, 20ms), [this, what] { other_appends(what); });
  }
}

void cell::other_appends(const std::string& what) {
  if (!is_up() || tail_.log == 0) return;
  auto t = tail_;
  const auto taken = t.entries.empty() ? 0 : t.entries.back().taken;
  t.entries.push_back({1, ++last_noise_, taken, what});
  set(encode(t));
}

}  // namespace neli::sim
