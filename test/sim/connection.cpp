// SPDX-License-Identifier: BSL-1.0
#include "sim/connection.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace neli::sim {

// --- the network ---

void network::cut_off(real d) {
  machine_.say("is cut off from the ledger for " + std::to_string(d / 1ms) + " ms");
  cut_off_until_ = std::max(cut_off_until_, around_.agenda.now() + d);
}

void network::look(event seen) {
  const auto when = around_.agenda.now() + around_.dice.between(5ms, 40ms);
  around_.agenda.at(cut_off_until(when), [self = shared_from_this(), seen = std::move(seen)] {
    if (!self->closed_) self->around_.take_aim(self->machine_.name());
    seen();
  });
}

void network::fetch(event arrives) {
  auto wait = around_.dice.between(300us, 3ms);
  if (around_.strikes(around_.plan.faults.slow_read)) wait = around_.dice.between(0s, 2 * lease);
  fetch_at(cut_off_until(around_.agenda.now() + wait), std::move(arrives));
}

/// A process that stands still fetches nothing.
void network::fetch_at(real when, event arrives) {
  around_.agenda.at(when, [self = shared_from_this(), arrives = std::move(arrives)] {
    if (self->machine_.frozen()) return self->fetch_at(self->machine_.frozen_until(), arrives);
    arrives();
  });
}

void network::append(event arrives, outcome told) {
  const auto& f = around_.plan.faults;
  auto& dice = around_.dice;
  const auto now = around_.agenda.now();
  if (around_.strikes(f.overtaken)) {
    around_.agenda.at(now + dice.between(0s, 2 * lease), std::move(arrives));
    return tell(now + dice.between(1ms, lease), told, false);
  }
  const bool slow = around_.strikes(f.slow_append);
  const auto when =
      cut_off_until(now + (slow ? dice.between(0s, 2 * lease) : dice.between(500us, 5ms)));
  appended_until_ = std::max(when, appended_until_ + 1us);
  if (when > now + 2 * lease || around_.strikes(f.lose_append))
    return tell(now + lease, told, false);
  around_.agenda.at(appended_until_,
                    [self = shared_from_this(), arrives = std::move(arrives),
                     told = std::move(told), now] { self->arrive(arrives, told, now); });
}

void network::arrive(const event& arrives, const outcome& told, real sent) {
  const auto& f = around_.plan.faults;
  auto& dice = around_.dice;
  // Who stands still, or is gone, may have sent it before that, or never.
  const bool late = machine_.frozen() && dice.chance(0.5);
  if (late)
    return around_.agenda.at(
        machine_.frozen_until(),
        [self = shared_from_this(), arrives, told, sent] { self->arrive(arrives, told, sent); });
  if ((closed_ || machine_.dead()) && dice.chance(0.5)) return;
  arrives();
  const auto now = around_.agenda.now();
  if (around_.strikes(f.duplicate)) around_.agenda.at(now + dice.between(0s, 20ms), arrives);
  const bool well = !around_.strikes(f.lose_ack);
  tell(well ? now + dice.between(100us, 2ms) : std::max(now, sent + lease), told, well);
}

void network::tell(real when, const outcome& told, bool well) {
  around_.agenda.at(when, [told, well] { told(well); });
}

// --- one process's ledger ---

void connection::read_back(std::uint64_t records) {
  // Short tails: what they hide is what starting to read has to cope with.
  if (around_.plan.short_tails) records = around_.dice.below(records / 100 + 1);
  ledger::read_back(records);
}

void connection::append(core::ticket t, std::string value) {
  if (const auto* r = std::get_if<core::record>(&around_.meanings.of(value))) {
    const auto* claim = std::get_if<core::claim>(r);
    const bool claims = claim != nullptr;
    if (claim) around_.claimed[claim->by.id][claim->role] = claim->term;
    pace_.appends(around_.agenda.now(), claims);
    if (claims || std::holds_alternative<core::release>(*r)) around_.take_aim(machine_.name());
  }
  machine_.point();
  ledger::append(t, std::move(value));
  machine_.point();
}

void connection::stop() {
  network_->close();
  ledger::stop();
}

void connection::lose_place() {
  if (!is_reading()) return;
  machine_.say("is told that its place in the ledger is gone");
  ledger::lose_place("what was to be read next is gone");
}

}  // namespace neli::sim
