// SPDX-License-Identifier: BSL-1.0
#include "support/stage.hpp"

#include "core/overloaded.hpp"
#include "core/print.hpp"

#include <algorithm>
#include <utility>

namespace neli::test {

namespace input = core::input;
namespace action = core::action;

stage::actor::actor(stage& s, std::string name)
    : drive{{s.how_, lease, lease / 4, barrier_timeout, milliseconds{0}, {}},
            {name, name, {}, 1},
            *this},
      stage_{s},
      name_{std::move(name)} {}

void stage::enter(const std::string& name) {
  auto& a = actors_[name];
  a = std::make_unique<actor>(*this, name);
  line(name, "enters");
  a->drive.start();
}

void stage::contend(const std::string& name) {
  enter(name);
  give(name, input::contend{role});
}

void stage::watch(const std::string& name) {
  enter(name);
  give(name, input::watch{role});
}

void stage::crash(const std::string& name) {
  line(name, "crashes");
  actors_.erase(name);
}

void stage::wait(milliseconds duration) {
  const auto end = time_ + duration;
  while (true) {
    // The earliest deadline that is due, of anybody whom time reaches.
    std::string next;
    auto when = core::instant{end} + core::span{1};
    for (auto& [name, a] : actors_) {
      const auto due = a->drive.core().deadline();
      if (a->paused || due >= when) continue;
      when = due;
      next = name;
    }
    if (next.empty()) break;
    // The story's clock has milliseconds, leases end between them.
    time_ = std::max(time_, std::chrono::ceil<milliseconds>(when.time_since_epoch()));
    if (time_ > end) break;
    give(next, input::tick{});
  }
  time_ = end;
}

void stage::give(const std::string& name, core::any_input i) {
  if (auto& a = *actors_.at(name); a.paused)
    a.missed.push_back(std::move(i));
  else
    a.drive.feed(std::move(i));
  settle();
}

void stage::write(core::record r) {
  append(std::move(r));
  settle();
}

void stage::lose_ledger() {
  say("the ledger is deleted and made again");
  ledger_.clear();
  for (auto& [name, a] : actors_) {
    a->started = false;
    give(name, input::gap{});
  }
}

void stage::pause(const std::string& name) {
  line(name, "is paused");
  actors_.at(name)->paused = true;
}

void stage::resume(const std::string& name) {
  line(name, "resumes");
  auto& a = *actors_.at(name);
  a.paused = false;
  for (auto& i : std::exchange(a.missed, {})) a.drive.feed(std::move(i));
  settle();
}

void stage::cut_off(const std::string& name) {
  line(name, "is cut off");
  actors_.at(name)->cut_off = true;
}

void stage::heal(const std::string& name) {
  line(name, "is connected again");
  actors_.at(name)->cut_off = false;
  settle();
}

void stage::hold_barriers(const std::string& name) { actors_.at(name)->barriers_held = true; }

void stage::let_barriers_go(const std::string& name) {
  auto& a = *actors_.at(name);
  a.barriers_held = false;
  for (const auto id : std::exchange(a.barriers, {})) give(name, input::barrier_done{role, id});
}

void stage::say(const std::string& text) { transcript_ += "-- " + text + "\n"; }

bool stage::leads(const std::string& name) const {
  const auto* c = (*this)[name].candidate(role);
  return c && c->leads_at(core::instant{time_});
}

core::instant stage::now() const { return core::instant{time_}; }

void stage::append(core::record r) {
  const auto taken = 999 + static_cast<core::stamp>(time_.count());
  const auto print = core::fingerprint_of(core::encode(r), taken);
  ledger_.push_back({std::move(r), taken, print});
}

void stage::actor::stepped(core::instant, const core::any_input* in, const core::actions&) {
  if (in && !std::holds_alternative<input::tick>(*in)) stage_.line(name_, "< " + core::print(*in));
}

void stage::actor::perform(const core::any_action& what) {
  stage_.line(name_, "> " + core::print(what, core::instant{}));
  std::visit(core::overloaded{
                 [&](const action::append& x) {
                   if (cut_off) return;
                   stage_.append(x.record);
                   missed.push_back(input::appended{x.ticket});
                 },
                 [&](const action::read_back& x) {
                   const auto all = static_cast<core::offset>(stage_.ledger_.size());
                   position = std::max<core::offset>(0, all - static_cast<core::offset>(x.records));
                   started = at_end = false;
                 },
                 [&](const action::run_barrier& x) { barriers.push_back(x.id); },
                 [](const auto&) {},
             },
             what);
}

void stage::settle() {
  for (bool more = true; more;) {
    more = false;
    for (auto& [name, a] : actors_)
      if (!a->paused) more |= deliver(*a);
  }
}

/// The next thing that reaches this actor, if there is any.
bool stage::deliver(actor& a) {
  const auto end = static_cast<core::offset>(ledger_.size());
  if (!a.missed.empty()) {
    auto i = std::move(a.missed.front());
    a.missed.pop_front();
    a.drive.feed(std::move(i));
  } else if (!a.barriers_held && !a.barriers.empty()) {
    const auto id = a.barriers.front();
    a.barriers.erase(a.barriers.begin());
    a.drive.feed(input::barrier_done{role, id});
  } else if (a.cut_off) {
    return false;
  } else if (!std::exchange(a.started, true)) {
    a.drive.feed(input::reading{a.position, a.position == 0});
  } else if (a.position < end) {
    const auto at = a.position++;
    const auto& e = ledger_[static_cast<std::size_t>(at)];
    a.drive.feed(input::read{at, e.record, e.taken, e.print});
  } else if (!std::exchange(a.at_end, true)) {
    a.drive.feed(input::end_reached{});
  } else {
    return false;
  }
  return true;
}

void stage::line(const std::string& name, const std::string& text) {
  auto when = std::to_string(time_.count());
  when.insert(0, 6 - std::min<std::size_t>(6, when.size()), ' ');
  transcript_ += when + " " + name + " " + text + "\n";
}

}  // namespace neli::test
