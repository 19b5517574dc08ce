// SPDX-License-Identifier: BSL-1.0
#include "core_steps/steps.hpp"

#include "allocations.hpp"
#include "core/participant.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

extern "C" __attribute__((noinline)) void neli_measured_step(neli::benchmarks::step& s) { s.run(); }

namespace neli::benchmarks {

namespace {

using namespace std::chrono_literals;
namespace input = core::input;
namespace action = core::action;

const std::string role = "leader";
constexpr auto lease = 1000ms;
constexpr auto period = lease / 4;

/// As long as real ids and names.
core::identity identity_of(char c) {
  return {std::string(36, c), "host-1.example:service:1234" + std::string(1, c), "", 1};
}

core::author author_of(char c) {
  const auto i = identity_of(c);
  return {i.id, i.name, i.metadata, lease};
}

/// One participant on a ledger that holds another's release, in ledger arbitration.
class driven : public step {
 public:
  driven() : machine_{{arbitration::ledger, lease, period, 500ms, 0ms, {}}, identity_of('s')} {
    machine_.start(now_);
    give(input::reading{0, true});
    read(core::claim{role, author_of('o'), 1, core::before_first});
    read(core::release{role, author_of('o').id, 1, 0, {}});
    give(input::end_reached{});
    pass(2 * lease);
  }

  void run() override { out_ = &machine_.step(now_, next_); }

 protected:
  static constexpr std::uint64_t wall = 1'700'000'000'000;

  void give(core::any_input i) {
    next_ = std::move(i);
    run();
  }
  void read(core::record r) { give(input::read{end_++, std::move(r)}); }
  /// The record that the next step reads.
  void arrives(core::record r) { next_ = input::read{end_++, std::move(r)}; }
  void pass(core::span s) {
    now_ += s;
    give(input::tick{});
  }

  /// The record that the last step has appended.
  template <class Record>
  Record appended() const {
    for (const auto& a : *out_)
      if (const auto* one = std::get_if<action::append>(&a))
        if (const auto* r = std::get_if<Record>(&one->record)) return *r;
    throw std::logic_error{"the step has not appended what it should have"};
  }

  core::offset last() const { return end_ - 1; }

  core::participant machine_;
  core::instant now_{1000s};
  core::any_input next_ = input::tick{};
  const core::actions* out_ = nullptr;

 private:
  core::offset end_ = 0;
};

class leading : public driven {
 protected:
  leading() {
    give(input::contend{role});
    const auto claim = appended<core::claim>();
    read(claim);
    give(input::barrier_done{role, 1});
    if (!machine_.candidate(role)->leads_at(now_)) throw std::logic_error{"it does not lead"};
  }
};

class leader_beats final : public leading {
  void prepare() override {
    if (begun_) read(appended<core::heartbeat>());
    begun_ = true;
    now_ += period;
    next_ = input::tick{};
  }
  bool begun_ = false;
};

class leader_reads_its_beat final : public leading {
  void prepare() override {
    pass(period);
    now_ += 2ms;
    arrives(appended<core::heartbeat>());
  }
};

/// A participant that hears of another's leadership.
class hearing : public driven {
 protected:
  hearing() { read(core::claim{role, author_of('l'), wall, last()}); }

  core::heartbeat beat() { return {author_of('l'), ++seq_, last(), {{role, wall, {}}}}; }
  void prepare() override {
    now_ += period;
    arrives(beat());
  }

 private:
  std::uint64_t seq_ = 0;
};

class follower_reads_a_beat final : public hearing {
 public:
  follower_reads_a_beat() { give(input::watch{role}); }
};

class standby_reads_a_beat : public hearing {
 public:
  standby_reads_a_beat() { give(input::contend{role}); }
};

class standby_ticks final : public standby_reads_a_beat {
  void prepare() override {
    standby_reads_a_beat::prepare();
    run();
    next_ = input::tick{};
  }
};

/// The leader's release makes it claim, and it reads another candidate's claim first.
class standby_claims final : public driven {
 public:
  standby_claims() {
    read(core::claim{role, author_of('l'), term_, last()});
    give(input::contend{role});
  }

 private:
  void prepare() override {
    if (begun_) lose();
    begun_ = true;
    now_ += period;
    arrives(core::release{role, author_of('l').id, term_, last(), {}});
  }
  void lose() {
    const auto own = appended<core::claim>();
    const auto ticket = std::get<action::append>(out_->front()).ticket;
    give(input::appended{ticket});
    term_ = own.term + 1;
    read(core::claim{role, author_of('l'), term_, own.based_on});
    read(own);
  }
  std::uint64_t term_ = wall;
  bool begun_ = false;
};

/// The part of a step that encodes the record as JSON.
class encodes final : public step {
  void run() override { text_ = core::encode(record_); }
  const core::record record_ =
      core::heartbeat{author_of('l'), 1000, 1000, {{role, 1'700'000'000'000, {}}}};
  std::string text_;
};

class decodes final : public step {
  void run() override { record_ = core::decode(text_); }
  const std::string text_ =
      core::encode(core::heartbeat{author_of('l'), 1000, 1000, {{role, 1'700'000'000'000, {}}}});
  std::variant<core::record, core::unreadable> record_;
};

template <class Step>
kind_of_step kind(std::string_view name) {
  return {name, [] { return std::unique_ptr<step>{std::make_unique<Step>()}; }};
}

}  // namespace

const std::vector<kind_of_step>& kinds_of_steps() {
  static const std::vector<kind_of_step> all{
      kind<leader_beats>("leader sends a heartbeat"),
      kind<leader_reads_its_beat>("leader reads its heartbeat"),
      kind<standby_reads_a_beat>("standby reads a heartbeat"),
      kind<follower_reads_a_beat>("follower reads a heartbeat"),
      kind<standby_ticks>("standby's tick, nothing due"),
      kind<standby_claims>("standby reads a release and claims"),
      kind<encodes>("heartbeat to JSON"),
      kind<decodes>("heartbeat from JSON"),
  };
  return all;
}

std::uint64_t most_allocations(step& s, int count) {
  std::uint64_t most = 0;
  for (int i = 0; i < count + 10; ++i) {
    s.prepare();
    const auto before = allocations();
    neli_measured_step(s);
    if (i >= 10) most = std::max(most, allocations() - before);
  }
  return most;
}

}  // namespace neli::benchmarks
