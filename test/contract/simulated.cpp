// SPDX-License-Identifier: BSL-1.0
// The store of the simulator, in a world in which nothing goes wrong by itself.
#include "contract/store.hpp"
#include "sim/connection.hpp"
#include "sim/ports.hpp"

#include <deque>
#include <map>

namespace neli::test::contract {

namespace {

sim::plan without_faults() {
  sim::plan p;
  p.faulty = 0s;
  p.ledger_has_a_name = true;
  return p;
}

class simulated_place : public virtual place {
 public:
  void pass(milliseconds t) override { around.agenda.run_until(around.agenda.now() + t); }

 protected:
  explicit simulated_place(const sim::plan& p) : around{p, nullptr} {}

  sim::machine& new_machine() {
    return machines_.emplace_back(around, "m" + std::to_string(machines_.size()));
  }

  sim::surroundings around;

 private:
  std::deque<sim::machine> machines_;
};

class simulated_ledgers final : public ledgers, private simulated_place {
 public:
  simulated_ledgers() : simulated_place{without_faults()} {}

  std::unique_ptr<stores::ledger> open(stores::ledger::listener& l, bool) override {
    auto made = std::make_unique<sim::connection>(log_, new_machine(), l);
    links_.push_back(made->link());
    return made;
  }
  void make_anew() override { log_.recreate(); }
  void remove_before(core::offset o) override { log_.remove_before(o); }
  void cut_off() override {
    for (const auto& link : links_)
      if (const auto l = link.lock()) l->cut_off(cut_);
  }
  void heal() override { pass(cut_); }

 private:
  static constexpr milliseconds cut_ = 5 * sim::lease;

  sim::ledger log_{around};
  std::vector<std::weak_ptr<sim::connection>> links_;
};

class simulated_memberships final : public memberships, private simulated_place {
 public:
  simulated_memberships() : simulated_place{with(roles)} { stir(); }

  std::unique_ptr<stores::membership> open(stores::membership::listener& l) override {
    auto& m = new_machine();
    auto made = std::make_unique<sim::membership_port>(group_, m, l);
    on_[made.get()] = &m;
    return made;
  }
  void give_up(stores::membership& m) override {
    on_.at(&m)->pause(3 * sim::session_timeout, true);
  }

 private:
  static sim::plan with(const std::vector<std::string>& roles) {
    auto p = without_faults();
    p.roles = roles;
    return p;
  }
  /// A newcomer is given roles that another has.
  void stir() {
    group_.spread_anew();
    around.agenda.after(1s, [this] { stir(); });
  }

  sim::group group_{around};
  std::map<const stores::membership*, sim::machine*> on_;
};

}  // namespace

store simulated() {
  return {"simulated",
          {ability::make_anew, ability::name, ability::remove, ability::cut_off, ability::spread,
           ability::fall_out},
          [] { return std::make_unique<simulated_ledgers>(); },
          [] { return std::make_unique<simulated_memberships>(); }};
}

}  // namespace neli::test::contract
