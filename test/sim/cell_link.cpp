// SPDX-License-Identifier: BSL-1.0
#include "sim/cell_link.hpp"

#include "core/record.hpp"
#include "sim/checks.hpp"
#include "sim/ports.hpp"
#include "stores/register/ledger.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

namespace neli::sim {

namespace {

/// What the time of day is when a world begins.
constexpr auto first_time = 1'700'000'000s;

/// One call that waits for its answer. The machine holds it, and the world knows of it.
template <class T>
struct call {
  explicit call(machine& m) : wakes{m.context(), asio::steady_timer::time_point::max()} {}

  asio::steady_timer wakes;
  std::optional<T> answer;
  bool over = false;
  bool deaf = false;

  static asio::awaitable<T> wait(std::shared_ptr<call> self) {
    if (self->deaf)
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    boost::system::error_code e;
    if (!self->over) co_await self->wakes.async_wait(asio::redirect_error(asio::use_awaitable, e));
    if (!self->answer)
      throw boost::system::system_error{self->over ? asio::error::connection_reset
                                                   : asio::error::operation_aborted};
    co_return std::move(*self->answer);
  }
};

/// A register at the store, as one process reaches it. Whatever is under way may outlive it.
class link final : public shared_register {
 public:
  link(cell& c, std::shared_ptr<wire> w)
      : cell_{c}, wire_{std::move(w)}, around_{wire_->on.around()} {}

  asio::awaitable<register_value> load() override {
    return ask<register_value>([&c = cell_] { return c.now(); });
  }
  asio::awaitable<register_swap> compare_and_swap(std::string expected,
                                                  std::string bytes) override {
    const bool tells = !around_.dice.chance(0.3);
    return ask<register_swap>([&c = cell_, expected, bytes, tells]() -> register_swap {
      if (c.swap(expected, bytes)) return {true, register_value{{}, c.now().version}};
      return {false, tells ? std::optional{c.now()} : std::nullopt};
    });
  }
  asio::awaitable<std::optional<register_value>> wait_for_change(std::string version) override {
    const auto made = begin<hint>();
    const std::weak_ptr weak{made};
    const bool early = around_.strikes(around_.plan.faults.stale_hint);
    around_.agenda.at(arrival(), [&c = cell_, w = wire_, weak, version, early] {
      if (early || c.now().version != version) return give_hint(c, w, weak);
      c.on_change([&c, w, weak] {
        if (!weak.expired()) give_hint(c, w, weak);
        return false;
      });
    });
    return call<hint>::wait(made);
  }

 private:
  using hint = std::optional<register_value>;

  /// None waits for ever, also one that cannot be cancelled.
  template <class T>
  std::shared_ptr<call<T>> begin() {
    auto made = std::make_shared<call<T>>(wire_->on);
    made->deaf = around_.strikes(around_.plan.faults.deaf);
    const auto at_last = around_.agenda.now() + around_.dice.between(4 * lease, 8 * lease);
    finish<T>(wire_, made, at_last, std::nullopt);
    return made;
  }

  /// Later, on the machine, unless it is over by then.
  template <class T>
  static void finish(const std::shared_ptr<wire>& w, const std::weak_ptr<call<T>>& which, real when,
                     std::optional<T> answer) {
    w->on.around().agenda.at(when, [w, which, answer] {
      if (which.expired()) return;
      w->on.post([which, answer] {
        const auto one = which.lock();
        if (!one || std::exchange(one->over, true)) return;
        one->answer = answer;
        one->wakes.cancel();
      });
    });
  }

  real arrival() const {
    const auto& f = around_.plan.faults;
    const bool slow = around_.strikes(f.slow_append);
    const auto way = slow ? around_.dice.between(0s, 2 * lease) : around_.dice.between(300us, 3ms);
    return wire_->open_at(around_.agenda.now() + way);
  }

  /// What is asked arrives at the store late, twice or never, and whoever asked hears of it late,
  /// or that it failed, or nothing.
  template <class T, class F>
  asio::awaitable<T> ask(F what) {
    const auto& f = around_.plan.faults;
    auto& dice = around_.dice;
    const auto made = begin<T>();
    const std::weak_ptr which{made};
    const auto soon = around_.agenda.now() + dice.between(500us, lease / 4);
    const bool fails = around_.strikes(f.overtaken) || around_.strikes(f.lose_append);
    if (fails) finish<T>(wire_, which, soon, std::nullopt);
    const auto arrive = [&c = cell_, w = wire_, which, what] { arrives<T>(c, w, which, what); };
    if (!around_.strikes(f.lose_append)) around_.agenda.at(arrival(), arrive);
    if (around_.strikes(f.duplicate)) around_.agenda.at(arrival() + 20ms, arrive);
    return call<T>::wait(made);
  }

  template <class T, class F>
  static void arrives(cell& c, const std::shared_ptr<wire>& w, const std::weak_ptr<call<T>>& which,
                      const F& what) {
    auto& around = w->on.around();
    const auto now = around.agenda.now();
    if (!c.is_up()) return finish<T>(w, which, now + 1ms, std::nullopt);
    // One that stands still, or is gone, may have sent it before that, or never.
    if ((w->on.dead() || w->on.frozen()) && around.dice.chance(0.5)) return;
    const std::optional<T> answer = what();
    const auto back = now + around.dice.between(100us, 2ms);
    if (around.strikes(around.plan.faults.lose_ack)) {
      if (around.dice.chance(0.5)) finish<T>(w, which, back, std::nullopt);
      return;
    }
    const bool slow = around.strikes(around.plan.faults.slow_read);
    finish<T>(w, which, w->open_at(slow ? now + around.dice.between(0s, lease) : back), answer);
  }

  /// With what the register holds, or held, or without: then the store has forgotten that.
  static void give_hint(const cell& c, const std::shared_ptr<wire>& w,
                        const std::weak_ptr<call<hint>>& which) {
    auto& around = w->on.around();
    const auto& f = around.plan.faults;
    if (around.strikes(f.lose_ack)) return;
    const bool slow = around.strikes(f.slow_read);
    const auto way = slow ? around.dice.between(0s, 2 * lease) : around.dice.between(300us, 3ms);
    hint what = around.strikes(f.stale_hint) ? c.earlier() : c.now();
    if (around.dice.chance(0.1)) what.reset();
    finish<hint>(w, which, w->open_at(around.agenda.now() + way), what);
  }

  cell& cell_;
  const std::shared_ptr<wire> wire_;
  surroundings& around_;
};

/// With the points at which a process may be held up, and an eye on how much it writes.
class register_ledger final : public stores::ledger {
 public:
  register_ledger(std::unique_ptr<stores::ledger> l, machine& m)
      : ledger_{std::move(l)}, machine_{m}, pace_{m.around().checks, m.name()} {}

  void read_back(std::uint64_t records) override {
    machine_.around().take_aim(machine_.name());
    ledger_->read_back(records);
    give_it_a_turn();
  }
  void append(core::ticket t, std::string value) override {
    machine_.point();
    const auto what = core::decode(value);
    if (const auto* r = std::get_if<core::record>(&what)) {
      const bool claims = std::holds_alternative<core::claim>(*r);
      pace_.appends(machine_.around().agenda.now(), claims);
      if (claims || std::holds_alternative<core::release>(*r))
        machine_.around().take_aim(machine_.name());
    }
    ledger_->append(t, std::move(value));
    give_it_a_turn();
    machine_.point();
  }
  void stop() override {
    ledger_->stop();
    give_it_a_turn();
  }

 private:
  /// For what the ledger has posted, if it was called from elsewhere.
  void give_it_a_turn() {
    machine_.post([] {});
  }

  const std::unique_ptr<stores::ledger> ledger_;
  machine& machine_;
  pace pace_;
};

/// Clocks may be as wrong as they like while the log goes on. When it is made anew, only the time
/// tells of earlier terms.
real wrong_by(surroundings& s) {
  const auto& f = s.plan.faults;
  return f.recreate > 0 || f.restore > 0 ? real{} : s.dice.between(-1h, 1h);
}

}  // namespace

void wire::cut_off(real d) {
  on.say("is cut off from the register for " + std::to_string(d / 1ms) + " ms");
  cut_off_until = std::max(cut_off_until, on.around().agenda.now() + d);
}

std::unique_ptr<stores::ledger> make_register_ledger(cell& c, std::shared_ptr<wire> w,
                                                     const strand& s, stores::ledger::listener& l,
                                                     bool appends, milliseconds of_lease) {
  namespace registers = stores::registers;
  auto& m = w->on;
  auto& around = m.around();
  registers::means means{std::make_unique<time_port>(m),
                         [&around, wrong = wrong_by(around)] {
                           const auto t = first_time + around.agenda.now() + wrong;
                           return static_cast<core::stamp>(t / 1ms);
                         },
                         around.dice.seed()};
  constexpr core::drift rho{static_cast<std::uint32_t>(drift * 1e6)};
  return std::make_unique<register_ledger>(
      std::make_unique<registers::ledger>(
          registers::settings{[&c, w](const auto&) { return std::make_unique<link>(c, w); },
                              "the register", of_lease, rho, 256 * 1024},
          s, l, appends, std::move(means)),
      m);
}

}  // namespace neli::sim
