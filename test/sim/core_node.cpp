// SPDX-License-Identifier: BSL-1.0
// A process that consists of the core alone: what the core asks for is done at once, without a
// shell.
#include "core/overloaded.hpp"
#include "core/print.hpp"
#include "driver/driver.hpp"
#include "sim/conduct.hpp"
#include "sim/connection.hpp"
#include "sim/manners.hpp"
#include "sim/node.hpp"

#include <functional>
#include <map>
#include <string_view>
#include <utility>

namespace neli::sim {

namespace {

namespace input = core::input;
namespace action = core::action;

class core_node final : public node,
                        private driver::host,
                        private stores::ledger::listener,
                        private stores::membership::listener {
 public:
  explicit core_node(const site& s)
      : machine_{s.machine},
        around_{s.machine.around()},
        follower_{s.follower},
        roles_{s.contends_for},
        driver_{{s.how, lease, lease / 4, barrier_timeout, lease / 10, {}},
                {machine_.name(), machine_.name(), {}, around_.dice.seed()},
                *this,
                around_.trace_of(machine_.name())},
        connection_{s.ledger, s.machine, *this},
        conduct_{around_.checks, around_.annals, machine_.name(), s.how},
        alarm_{s.machine} {
    if (!follower_ && s.how == arbitration::group) group_ = &s.group;
    machine_.post([this] { start(); });
  }
  ~core_node() override {
    connection_.stop();
    if (member_) member_->stop();
  }

  bool leads(const std::string& role) const override {
    const auto* c = core().candidate(role);
    return c && c->leads_at(machine_.now());
  }
  std::optional<neli::term> term(const std::string& role) const override {
    const auto found = terms_.find(role);
    return found == terms_.end() ? std::nullopt : std::optional{found->second};
  }
  bool listens(const std::string& role) const override {
    return follower_ ? readings_.contains(role) : contending_.contains(role);
  }
  std::optional<leader_info> leader(const std::string& role) const override {
    return core().announced(role).leader;
  }
  bool over() const override { return over_; }
  void cut_off(real d) override { connection_.cut_off(d); }
  void lose_place() override { connection_.lose_place(); }

  void act(whim w, const std::string& role) override {
    if (follower_) return;
    if (!contending_.contains(role)) return;
    switch (w) {
      case whim::resign:
        return feed(input::resign{role, around_.dice.below(2) * milliseconds{500}});
      case whim::close: return feed(input::close{role});
      case whim::destroy: feed(input::drop{role}); return gone(role);
      case whim::fiddle: return feed(input::set_metadata{std::to_string(around_.dice.below(100))});
    }
  }
  void finish() override {
    finishing_ = true;
    if (follower_) return leave();
    for (const auto& role : roles_) feed(input::close{role});
    if (contending_.empty()) quit();
  }

 private:
  const core::participant& core() const { return driver_.core(); }

  // --- the switch ---

  void start() {
    driver_.start();
    for (const auto& role : roles_) {
      if (follower_)
        follow(role);
      else
        contend(role);
    }
  }
  std::string who(const std::string& role) const { return machine_.name() + " for '" + role + "'"; }
  void follow(const std::string& role) {
    readings_.try_emplace(role, around_.checks, role, who(role));
    feed(input::watch{role});
  }
  void contend(const std::string& role) {
    join_group();
    contending_.insert(role);
    turns_.erase(role);
    turns_.try_emplace(role, around_.checks, who(role), turns::misses::none);
    readings_.try_emplace(role, around_.checks, role, who(role));
    feed(input::contend{role});
  }

  void feed(core::any_input i) {
    if (!driver_.feed(std::move(i)) || machine_.dead()) return;
    conduct_.asks_to_be_woken(core().deadline());
    alarm_.set(core().deadline(), [this] { feed(input::tick{}); });
  }

  core::instant now() const override { return machine_.now(); }
  bool stopped() const override { return machine_.dead(); }
  void stepped(core::instant at, const core::any_input* in, const core::actions&) override {
    if (in) conduct_.takes(at, *in);
    if (in && around_.out && !std::holds_alternative<input::tick>(*in))
      machine_.say("< " + core::print(*in));
  }
  void perform(const core::any_action& a) override {
    machine_.point();
    if (machine_.dead()) return;
    if (around_.out) machine_.say("> " + core::print(a, machine_.zero()));
    conduct_.does(a);
    std::visit([this](const auto& x) { on(x); }, a);
  }
  void on(const action::append& x) { connection_.append(x.ticket, core::encode(x.record)); }
  void on(const action::read_back& x) { connection_.read_back(x.records); }
  void on(const action::emit& x) {
    if (const auto* e = x.event.as<leader_changed>()) return readings_.at(x.role).told(*e);
    turns_.at(x.role).told(x.event);
    if (const auto* e = x.event.as<leader_acquired>()) {
      terms_[x.role] = e->term;
      around_.checks.acquires(x.role, machine_.name(), e->term.token(), around_.agenda.now());
    }
  }
  void on(const action::lead& x) { terms_[x.role] = {x.role, x.term, x.until}; }
  void on(const action::stop_leading&) {}
  void on(const action::run_barrier& x) {
    around_.take_aim(machine_.name());
    const auto m = draw_manners(around_);
    const auto* orderly = x.event.as<leader_revoked>();
    if (orderly) around_.checks.begins(x.role, machine_.name(), orderly->term.token());
    barriers_[{x.role, x.id}] = {m.deaf, orderly ? orderly->term.token() : 0, around_.agenda.now()};
    machine_.after(m.takes, [this, role = x.role, id = x.id] { returned(role, id); });
  }
  void on(const action::cancel_barrier& x) {
    const auto b = barriers_.find({x.role, x.id});
    if (b == barriers_.end() || b->second.deaf) return;
    machine_.after(around_.dice.between(0s, 5ms),
                   [this, role = x.role, id = x.id] { returned(role, id); });
  }
  void on(const action::abandon_barrier&) {}
  void on(const action::give_back& x) {
    if (member_) member_->give_back(x.role);
  }
  void on(const action::hindered&) {}
  void on(const action::finished& x) { gone(x.role); }

  void returned(const std::string& role, std::uint64_t id) {
    const auto b = barriers_.extract({role, id});
    if (b.empty()) return;
    // A timer that was set before a suspension is late after the suspension.
    if (!machine_.in_time_since(b.mapped().since - 6 * lease)) conduct_.stood_still(role);
    around_.checks.ends(role, machine_.name(), b.mapped().ends);
    feed(input::barrier_done{role, id});
  }

  /// The role has no candidate any more, until another one takes its place, or for good.
  void gone(const std::string& role) {
    contending_.erase(role);
    const bool comes_back = !finishing_ && around_.dice.chance(0.5);
    if (comes_back) {
      const auto later = around_.dice.chance(0.5) ? around_.dice.between(0s, 2s) : 0s;
      machine_.after(later, [this, role] {
        if (!finishing_) contend(role);
      });
    }
    if (!contending_.empty()) return;
    finishing_ |= !comes_back;
    quit();
  }
  /// A process leaves the group with its last candidate; a new candidate may come before it has
  /// left.
  void quit() {
    if (!member_) return end_if_finishing();
    if (std::exchange(quits_, true)) return;
    member_->leave([this] {
      feed(input::left{});
      member_->stop();
      member_.reset();
      quits_ = false;
      if (contending_.empty()) return end_if_finishing();
      join_group();
    });
  }
  void join_group() {
    if (!group_ || member_) return;
    member_ = member::make(*group_, machine_, *this);
    if (readable_) member_->join();
  }
  void end_if_finishing() {
    if (finishing_) leave();
  }
  void leave() {
    over_ = true;
    alarm_.stop();
    connection_.stop();
    if (member_) member_->stop();
  }

  // --- answers ---

  void reading(core::offset since, bool beginning, const std::string& log) override {
    if (!std::exchange(readable_, true) && member_) member_->join();
    feed(input::reading{since, beginning, log});
  }
  void record(core::offset at, core::stamp taken, std::string_view value) override {
    const auto text = around_.meanings.of(value, taken);
    feed(input::read{at, text.says, taken, text.print});
  }
  void end_reached() override { feed(input::end_reached{}); }
  void gap(const std::string&) override { feed(input::gap{}); }
  void appended(core::ticket t) override { feed(input::appended{t}); }
  void append_failed(core::ticket t, const std::string&) override { feed(input::append_failed{t}); }
  void assigned(const std::string& role) override { feed(input::assigned{role}); }
  void asked_back(const std::string& role) override { feed(input::asked_back{role}); }
  void lost(const std::string& role) override { feed(input::lost{role}); }
  void trouble(const std::string&, stores::error_code, const std::string&) override {}
  void failed(stores::error_code, const std::string&) override {}

  struct barrier {
    bool deaf = false;
    token ends = 0;  ///< the term that it ends in order, or 0
    real since{};
  };

  machine& machine_;
  surroundings& around_;
  const bool follower_;
  const std::vector<std::string> roles_;
  driver driver_;
  connection connection_;
  group* group_ = nullptr;          ///< the group that it joins, if any
  std::shared_ptr<member> member_;  ///< while it has candidates
  conduct conduct_;
  alarm alarm_;
  bool readable_ = false;
  bool quits_ = false;
  bool finishing_ = false;
  bool over_ = false;
  std::set<std::string> contending_;
  std::map<std::string, turns> turns_;
  std::map<std::string, neli::term> terms_;  ///< the last term that was led, for each role
  std::map<std::string, sim::reading> readings_;
  std::map<std::pair<std::string, std::uint64_t>, barrier> barriers_;
};

}  // namespace

std::unique_ptr<node> make_core_node(const site& s) { return std::make_unique<core_node>(s); }

}  // namespace neli::sim
