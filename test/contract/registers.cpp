// SPDX-License-Identifier: BSL-1.0
// Registers: one of which nothing is amiss, and one of which everything that may be.
#include "contract/store.hpp"
#include "sim/cell_link.hpp"

#include <deque>

namespace neli::test::contract {

namespace {

sim::plan without_trouble() {
  sim::plan p;
  p.faulty = 0s;
  return p;
}

/// Those that the contract itself does not speak of.
sim::plan with_trouble() {
  sim::plan p;
  p.faulty = 24h;
  auto& f = p.faults;
  f = {};
  f.recreate = f.restore = f.noise = 0;
  f.aimed = f.preempt = f.stall = 0;
  f.stale_hint = 0.3;
  f.lose_ack = f.lose_append = f.overtaken = f.duplicate = 0.05;
  return p;
}

class registers final : public ledgers {
 public:
  explicit registers(const sim::plan& p) : around_{p, nullptr} {}

  void pass(milliseconds t) override { around_.agenda.run_until(around_.agenda.now() + t); }
  std::unique_ptr<stores::ledger> open(stores::ledger::listener& l, bool appends) override {
    auto& m = machines_.emplace_back(around_, "m" + std::to_string(machines_.size()));
    wires_.push_back(std::make_shared<sim::wire>(m));
    return sim::make_register_ledger(cell_, wires_.back(), strand{m.executor()}, l, appends, lease);
  }
  void make_anew() override { cell_.remove(); }
  void remove_before(core::offset o) override { cell_.forget_before(o); }
  void cut_off() override {
    for (const auto& w : wires_) w->cut_off(cut_);
  }
  void heal() override { pass(cut_); }

 private:
  static constexpr milliseconds cut_ = 5 * sim::lease;

  sim::surroundings around_;
  sim::cell cell_{around_};
  std::deque<sim::machine> machines_;
  std::vector<std::shared_ptr<sim::wire>> wires_;
};

store over(std::string name, const sim::plan& p) {
  return {std::move(name),
          {ability::make_anew, ability::name, ability::remove, ability::cut_off, ability::health},
          [p] { return std::make_unique<registers>(p); },
          {}};
}

}  // namespace

store register_in_memory() { return over("register", without_trouble()); }
store register_with_faults() { return over("troubled_register", with_trouble()); }

}  // namespace neli::test::contract
