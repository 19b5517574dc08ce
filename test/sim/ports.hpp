// SPDX-License-Identifier: BSL-1.0
// What the shell needs from outside, in a simulated world: in place of the Kafka store and the
// machine's clock.
#pragma once

#include "sim/group.hpp"
#include "sim/machine.hpp"
#include "stores/store.hpp"
#include "time_source.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace neli::sim {

class membership_port final : public stores::membership {
 public:
  membership_port(group& g, machine& m, listener& to) : member_{member::make(g, m, to)} {}
  ~membership_port() override { member_->stop(); }

  void join() override { member_->join(); }
  void give_back(const std::string& role) override { member_->give_back(role); }
  void leave(std::function<void()> left) override { member_->leave(std::move(left)); }
  void stop() override { member_->stop(); }

 private:
  std::shared_ptr<member> member_;
};

/// A process that asks for the time may be paused before it can act on the answer.
class time_port final : public time_source {
 public:
  explicit time_port(machine& m) : machine_{m}, alarm_{m} {}

  clock::time_point now() const noexcept override {
    const auto t = machine_.now();
    machine_.point();
    return t;
  }
  void wake_at(clock::time_point when, std::function<void()> what) override {
    alarm_.set(when, std::move(what));
  }
  void stop() override { alarm_.stop(); }

 private:
  machine& machine_;
  alarm alarm_;
};

}  // namespace neli::sim
