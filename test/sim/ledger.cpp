// SPDX-License-Identifier: BSL-1.0
#include "sim/ledger.hpp"

#include "core/print.hpp"
#include "sim/claims.hpp"

#include <algorithm>

namespace neli::sim {

namespace {

/// What the time of day is when a world begins.
constexpr auto first_time = 1'700'000'000s;
/// How wrong a broker's clock may be: that of any two by less than the time records are kept.
constexpr auto clocks_wrong_by = lease;

}  // namespace

// --- the log ---

std::string ledger::name() const {
  return around_.plan.ledger_has_a_name ? stores::memory::log::name() : "";
}

core::stamp ledger::now() const {
  return static_cast<core::stamp>((first_time + around_.agenda.now() + clock_ahead_) / 1ms);
}

void ledger::appended(const entry& e) {
  const auto text = around_.meanings.of(e.value, e.taken);
  const auto* r = std::get_if<core::record>(&text.says);
  if (around_.out)
    around_.say("ledger", std::to_string(end() - 1) + " " + (r ? core::print(*r) : "(noise)"));
  appended_.push_back(around_.agenda.now());
  around_.annals.append(text.print, r);
  if (r) note(*r);
}

void ledger::note(const core::record& r) {
  note_claims(around_.checks, r);
  if (const auto* c = std::get_if<core::claim>(&r)) around_.take_aim(c->by.id);
  if (const auto* x = std::get_if<core::release>(&r)) around_.take_aim(x->id);
}

// --- faults ---

void ledger::suffer_faults() {
  if (!around_.faulty()) return;
  const auto& f = around_.plan.faults;
  constexpr auto often = 100ms;
  constexpr double part = 0.1;
  if (around_.dice.chance(f.truncate * part)) truncate();
  if (around_.strikes(f.recreate * part)) recreate();
  if (around_.strikes(around_.plan.assumptions.acknowledged_lost * part)) lose_the_end();
  if (around_.strikes(f.noise * part)) make_noise();
  if (around_.strikes(f.other_clock * part)) change_clocks();
  around_.agenda.after(often, [this] { suffer_faults(); });
}

void ledger::truncate() {
  constexpr auto few_leases = 5 * lease;
  const auto young =
      std::lower_bound(appended_.begin(), appended_.end(), around_.agenda.now() - few_leases);
  const auto least = around_.plan.assumptions.records_stay ? appended_.end() - young : 0;
  const auto keep =
      std::max(around_.dice.below(appended_.size() + 1), static_cast<std::uint64_t>(least));
  around_.say("ledger", "keeps the last " + std::to_string(keep) + " records");
  around_.checks.ledger_forgets();
  around_.annals.end();
  remove_before(end() - static_cast<core::offset>(keep));
  while (appended_.size() > keep) appended_.pop_front();
}

void ledger::recreate() {
  around_.say("ledger", "is made anew, empty");
  around_.checks.ledger_forgets();
  // Who has not noticed may find anything.
  if (around_.plan.assumptions.new_ledger_is_noticed)
    around_.annals.begin_anew();
  else
    around_.annals.end();
  appended_.clear();
  make_anew();
  around_.take_aim();
}

/// Its leader is lost, and one that had not followed takes over.
void ledger::lose_the_end() {
  around_.annals.end();
  const auto lost = around_.dice.below(std::min<std::size_t>(appended_.size(), 5) + 1);
  around_.say("ledger", "loses its last " + std::to_string(lost) + " records");
  lose_last(lost);
  appended_.resize(appended_.size() - lost);
}

/// Another broker takes over, with its own clock.
void ledger::change_clocks() {
  clock_ahead_ = around_.dice.between(-clocks_wrong_by, clocks_wrong_by);
  around_.say("ledger", "has a clock that is " + std::to_string(clock_ahead_ / 1ms) + " ms ahead");
}

/// A burst of what others have in the same ledger.
void ledger::make_noise() {
  const std::string id = "stranger" + std::to_string(around_.dice.below(3));
  for (auto n = around_.dice.below(20); n > 0; --n) {
    if (around_.dice.chance(0.2)) {
      append("no record of ours");
      continue;
    }
    const core::author by{id, id, {}, lease};
    append(core::encode(core::heartbeat{by, n, core::before_first, {{"elsewhere", n, {}}}, {}}));
  }
}

}  // namespace neli::sim
