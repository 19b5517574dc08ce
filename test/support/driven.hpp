// SPDX-License-Identifier: BSL-1.0
// One participant of the core, driven by hand: the test gives it one input at a time.
#pragma once

#include "core/participant.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace neli::test {

constexpr core::milliseconds lease{1000};

/// One participant, driven by hand.
struct driven {
  explicit driven(arbitration how = arbitration::ledger)
      : machine{{how, lease, lease / 4, core::milliseconds{500}, core::milliseconds{0}, {}},
                {"self", "self", "", 1}} {
    machine.start(now);
  }

  const core::actions& give(core::any_input i) { return out = machine.step(now, i); }

  template <class T>
  std::vector<T> done() const {
    std::vector<T> found;
    for (const auto& a : out)
      if (const auto* one = std::get_if<T>(&a)) found.push_back(*one);
    return found;
  }
  template <class T>
  const T* appended() const {
    for (const auto& a : out)
      if (const auto* one = std::get_if<core::action::append>(&a))
        if (const auto* r = std::get_if<T>(&one->record)) return r;
    return nullptr;
  }
  template <class T>
  bool emitted() const {
    const auto all = done<core::action::emit>();
    return std::any_of(all.begin(), all.end(),
                       [](const auto& e) { return e.event.template as<T>(); });
  }

  core::author other(std::string id) const { return {std::move(id), "", "", lease}; }

  void read(core::offset at, core::record r) {
    const auto print = print_of(r);
    give(core::input::read{at, std::move(r), 0, print});
  }
  static core::fingerprint print_of(const core::record& r) {
    return core::fingerprint_of(core::encode(r), 0);
  }
  /// Reads a record that was appended after the end had been reached, by which it learns the log's
  /// time.
  void learn_the_time(core::offset at) {
    read(at, core::heartbeat{other("clock"), 1, core::before_first, {}});
  }
  /// Starts to read at another's release, which tells that nobody leads.
  void catch_up(const std::string& role = "r") {
    give(core::input::reading{100, false});
    read(100, core::release{role, "old", 7, 99, {}});
    now += core::milliseconds{1};
    give(core::input::end_reached{});
  }
  /// Sends its claim and reads it back; the barrier returns at once.
  void win(core::offset at, const std::string& role = "r") {
    give(core::input::contend{role});
    const auto* c = appended<core::claim>();
    BOOST_REQUIRE(c);
    read(at, *c);
    finish_barrier(role);
  }
  /// Checks that it claims when so much time has passed, and not before.
  void claims_only_after(core::milliseconds wait) {
    BOOST_TEST(!appended<core::claim>());
    now += wait - core::milliseconds{1};
    give(core::input::tick{});
    BOOST_TEST(!appended<core::claim>());
    now += core::milliseconds{1};
    give(core::input::tick{});
    BOOST_TEST(appended<core::claim>());
  }
  void finish_barrier(const std::string& role = "r") {
    const auto running = done<core::action::run_barrier>();
    BOOST_REQUIRE_EQUAL(running.size(), 1u);
    give(core::input::barrier_done{role, running.front().id});
  }

  core::participant machine;
  core::instant now{std::chrono::seconds{1000}};
  core::actions out;
};

}  // namespace neli::test
