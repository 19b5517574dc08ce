// SPDX-License-Identifier: BSL-1.0
#include "sim/world.hpp"

#include "sim/node.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

namespace neli::sim {

namespace {

/// A machine and the process on it.
struct place {
  place(surroundings& s, const std::string& name, bool f) : machine{s, name}, follower{f} {}

  sim::machine machine;
  std::unique_ptr<sim::node> node;
  const bool follower;

  bool takes_part() const { return node && !machine.dead() && !node->over(); }
  void crash() {
    machine.say("dies");
    machine.die([this] { node.reset(); });
  }
};

class world {
 public:
  world(const plan& p, std::ostream* out) : around_{p, out}, ledger_{around_}, group_{around_} {
    if (p.keeper == keeper::cell) register_.emplace(around_);
    around_.aim.strike = [this](const std::string& who) { strike(who); };
  }
  // Processes end before their machines, and machines before what all share.
  ~world() {
    for (auto& p : places_)
      if (!p->machine.dead()) p->machine.die([&p] { p->node.reset(); });
  }

  report run();

 private:
  // --- processes ---

  void start(bool follower);
  std::vector<std::string> draw_roles();
  void replace(bool follower);
  arbitration draw_arbitration();
  bool draw_shell();

  // --- faults ---

  void suffer_faults();
  void suffer_faults(place&);
  void user_acts(place&);
  void acts(place&, whim);
  void strike(const std::string& who);
  void crash(place&);
  void take_for_dead(const place&);
  void guard_releases(const place&);
  void one_more();
  place* at_or_near(const std::string& who);

  // --- promises ---

  void look(place&);
  void look_at_all();
  std::vector<std::string> leaders(const std::string& role) const;
  bool wanted(const std::string& role) const;
  bool all_led() const;
  void check_settled();
  void check_told(const std::string& role);
  void end();

  surroundings around_;
  ledger ledger_;
  std::optional<cell> register_;  ///< in place of the ledger
  group group_;
  std::deque<std::unique_ptr<place>> places_;
  std::vector<place*> present_;  ///< the processes that take part
  int last_number_ = 0;
  std::uint64_t crashes_ = 0;
  std::uint64_t proved_deaths_ = 0;
  bool ending_ = false;
};

// --- processes ---

arbitration world::draw_arbitration() {
  switch (around_.plan.rule) {
    case rule::ledger: return arbitration::ledger;
    case rule::group: return arbitration::group;
    case rule::mixed: break;
  }
  return around_.dice.chance(0.5) ? arbitration::group : arbitration::ledger;
}

bool world::draw_shell() {
  switch (around_.plan.make) {
    case make::core: return false;
    case make::shell: return true;
    case make::mixed: break;
  }
  return around_.dice.chance(0.5);
}

/// All roles, or only some of them while faults last, as other processes may take the rest.
std::vector<std::string> world::draw_roles() {
  auto roles = around_.plan.roles;
  if (around_.faulty() && around_.dice.chance(0.3))
    std::erase_if(roles, [&](const auto&) { return around_.dice.chance(0.5); });
  return roles.empty() ? around_.plan.roles : roles;
}

void world::start(bool follower) {
  const auto name = (follower ? "f" : "c") + std::to_string(++last_number_);
  auto& p = *places_.emplace_back(std::make_unique<place>(around_, name, follower));
  p.machine.look = [this, &p] { look(p); };
  const site s{p.machine,
               ledger_,
               group_,
               follower,
               draw_arbitration(),
               around_.plan.roles,
               draw_roles(),
               register_ ? &*register_ : nullptr};
  p.machine.say("starts");
  p.node = draw_shell() ? make_shell_node(s) : make_core_node(s);
  present_.push_back(&p);
}

void world::replace(bool follower) {
  if (ending_) return;
  around_.agenda.after(around_.dice.between(0s, 3s), [this, follower] { start(follower); });
}

// --- faults ---

void world::suffer_faults() {
  for (auto* p : present_) {
    if (p->takes_part() && around_.faulty()) suffer_faults(*p);
    if (!p->takes_part()) replace(p->follower);
  }
  std::erase_if(present_, [](const auto* p) { return !p->takes_part(); });
  around_.agenda.after(100ms, [this] { suffer_faults(); });
}

void world::suffer_faults(place& p) {
  constexpr double part = 0.1;
  const auto& f = around_.plan.faults;
  auto& dice = around_.dice;
  if (around_.strikes(f.crash * part)) return crash(p);
  if (around_.strikes(f.pause * part)) {
    p.machine.pause(dice.between(0s, 3 * lease), dice.chance(0.5));
    take_for_dead(p);
  }
  if (around_.strikes(f.suspend * part)) p.machine.suspend(dice.between(0s, 3 * lease));
  if (around_.strikes(f.cut_off * part)) p.node->cut_off(dice.between(0s, 3 * lease));
  if (around_.strikes(f.lose_place * part)) p.node->lose_place();
  user_acts(p);
}

void world::user_acts(place& p) {
  constexpr double part = 0.1;
  const auto& f = around_.plan.faults;
  const std::pair<double, whim> whims[] = {{f.resign, whim::resign},
                                           {f.close, whim::close},
                                           {f.destroy, whim::destroy},
                                           {f.fiddle, whim::fiddle}};
  for (const auto& [rate, what] : whims)
    if (around_.strikes(rate * part)) acts(p, what);
}

void world::acts(place& p, whim what) {
  const auto& roles = around_.plan.roles;
  p.machine.post(
      [&p, what, role = roles[around_.dice.below(roles.size())]] { p.node->act(what, role); });
}

/// Mostly the process at which the fault is aimed.
place* world::at_or_near(const std::string& who) {
  std::vector<place*> all;
  for (auto* p : present_)
    if (p->takes_part()) all.push_back(p);
  const auto named =
      std::find_if(all.begin(), all.end(), [&](const auto* p) { return p->machine.name() == who; });
  if (named != all.end() && around_.dice.chance(0.7)) return *named;
  return all.empty() ? nullptr : all[around_.dice.below(all.size())];
}

/// Lets one of the faults of this world happen.
void world::strike(const std::string& who) {
  auto* const p = at_or_near(who);
  if (!p || !around_.faulty()) return;
  auto& dice = around_.dice;
  // Either short or about a lease, as much depends on whether the lease passes meanwhile.
  const auto lasts = [&] {
    return dice.chance(0.5) ? dice.between(0s, lease / 10)
                            : dice.between(lease * 8 / 10, lease * 12 / 10);
  };
  const auto& f = around_.plan.faults;
  const std::pair<double, std::function<void()>> all[] = {
      {f.crash, [&] { crash(*p); }},
      {f.pause, [&] { p->machine.pause(lasts(), dice.chance(0.5)); }},
      {f.suspend, [&] { p->machine.suspend(lasts()); }},
      {f.cut_off, [&] { p->node->cut_off(lasts()); }},
      {f.lose_place, [&] { p->node->lose_place(); }},
      {f.resign, [&] { acts(*p, whim::resign); }},
      {f.close, [&] { acts(*p, whim::close); }},
      {f.destroy, [&] { acts(*p, whim::destroy); }},
      {f.recreate, [&] { register_ ? register_->remove() : ledger_.recreate(); }},
      {f.rebalance, [&] { group_.spread_anew(); }},
      {f.crash, [&] { one_more(); }},
  };
  const auto& [rate, what] = all[dice.below(std::size(all))];
  if (rate > 0) what();
}

void world::crash(place& p) {
  p.crash();
  ++crashes_;
  if (around_.plan.guarded <= 0 || !around_.dice.chance(around_.plan.guarded)) return;
  ++proved_deaths_;
  around_.checks.died(p.machine.name());
  guard_releases(p);
}

void world::take_for_dead(const place& p) {
  if (!around_.plan.assumptions.death_is_proved) guard_releases(p);
}

/// At once, or late, as a guard may be paused too. What the process has sent may come before it or
/// after it.
void world::guard_releases(const place& p) {
  auto& dice = around_.dice;
  const auto& id = p.machine.name();
  const auto wait = dice.chance(0.7) ? dice.between(100us, 10ms) : dice.between(0s, 3 * lease);
  for (const auto& [role, term] : around_.claimed[id]) {
    auto release = [this, bytes = core::encode(core::release{
                              .role = role, .id = id, .term = term})] { ledger_.append(bytes); };
    if (dice.chance(0.1)) around_.agenda.after(wait + dice.between(0s, lease), release);
    around_.agenda.after(wait, std::move(release));
  }
}

/// A new process causes more moments of aim: without a bound the processes would multiply ever
/// faster.
void world::one_more() {
  if (present_.size() < 2 * (around_.plan.candidates + around_.plan.followers))
    start(around_.dice.chance(0.2));
}

// --- promises ---

std::vector<std::string> world::leaders(const std::string& role) const {
  std::vector<std::string> all;
  for (const place* p : present_)
    if (p->takes_part() && p->node->leads(role)) all.push_back(p->machine.name());
  return all;
}

/// Whether there is a candidate for the role.
bool world::wanted(const std::string& role) const {
  return std::any_of(present_.begin(), present_.end(), [&](const place* p) {
    return !p->follower && p->takes_part() && p->node->listens(role);
  });
}

bool world::all_led() const {
  const auto& roles = around_.plan.roles;
  return std::all_of(roles.begin(), roles.end(),
                     [this](const auto& role) { return !wanted(role) || !leaders(role).empty(); });
}

/// Checks only this process's roles, as a process begins to lead only by a step of its own.
void world::look(place& p) {
  if (!p.takes_part()) return;
  const bool nested = std::exchange(around_.asking, true);
  for (const auto& role : around_.plan.roles) {
    if (!p.node->leads(role)) continue;
    around_.checks.lead(role, leaders(role));
    if (p.machine.in_a_step()) continue;
    const auto t = p.node->term(role);
    if (!t) continue;
    around_.checks.leads(role, p.machine.name(), t->token());
    around_.checks.renewed(role, p.machine.name(), t->token(), p.machine.when(t->deadline()));
  }
  around_.asking = nested;
}

void world::look_at_all() {
  around_.asking = true;
  for (const auto& role : around_.plan.roles) {
    const auto all = leaders(role);
    around_.checks.lead(role, all);
    if (around_.faulty() || !wanted(role))
      around_.checks.excused(role, around_.agenda.now());
    else
      around_.checks.attended(role, !all.empty(), around_.agenda.now());
  }
  around_.asking = false;
  around_.agenda.after(100ms, [this] { look_at_all(); });
}

void world::check_told(const std::string& role) {
  const auto who = leaders(role);
  if (who.size() != 1) return;
  for (const place* p : present_) {
    if (!p->takes_part() || !p->node->listens(role)) continue;
    const auto told = p->node->leader(role);
    if (!told && around_.checks.tokens_lost()) continue;
    if (!told || told->id != who[0])
      around_.checks.broken(p->machine.name() + " does not know that " + who[0] + " leads '" +
                            role + "'");
  }
}

void world::check_settled() {
  for (const auto& role : around_.plan.roles) check_told(role);
  for (const place* p : present_)
    if (p->takes_part()) p->node->check_settled();
}

/// Ends the processes in order, one after the other, so that each process that is left has to lead,
/// and checks that none leaves anything behind.
void world::end() {
  ending_ = true;
  while (!present_.empty() && !around_.agenda.stopped()) {
    auto& p = *present_[around_.dice.below(present_.size())];
    p.machine.post([&p] { p.node->finish(); });
    around_.agenda.run_until(around_.agenda.now() + 3s);
    for (int i = 0; i < 20 && !all_led(); ++i)
      around_.agenda.run_until(around_.agenda.now() + 500ms);
  }
  around_.agenda.run_until(around_.agenda.now() + 3s);
  for (const auto& place : places_) {
    if (!place->node || place->machine.dead()) continue;
    if (!place->node->over() || !place->machine.idle())
      around_.checks.broken(place->machine.name() + " does not end");
    place->node->check_closed();
  }
}

report world::run() {
  const auto& plan = around_.plan;
  for (std::size_t i = 0; i < plan.candidates + plan.followers; ++i)
    around_.agenda.after(around_.dice.between(0s, 5s),
                         [this, f = i >= plan.candidates] { start(f); });
  suffer_faults();
  register_ ? register_->suffer_faults() : ledger_.suffer_faults();
  group_.suffer_faults();
  look_at_all();
  around_.agenda.at(plan.faulty, [this] { start(false); });
  around_.agenda.run_until(plan.faulty + plan.quiet);
  if (!around_.checks.first()) check_settled();
  if (!around_.checks.first()) end();
  const auto& c = around_.checks;
  if (c.first())
    throw violation{"at " + std::to_string(around_.agenda.now() / 1ms) + " ms: " + *c.first()};
  return {.elections = c.elections(),
          .steps = around_.steps,
          .pauses = around_.pauses,
          .crashes = crashes_,
          .proved_deaths = proved_deaths_,
          .simulated = around_.agenda.now(),
          .longest_gap = c.longest_gap(),
          .most_claims = c.most_claims(),
          .most_records = c.most_records()};
}

}  // namespace

report run(const plan& p, std::ostream* transcript) { return world{p, transcript}.run(); }

}  // namespace neli::sim
