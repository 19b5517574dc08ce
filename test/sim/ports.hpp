// SPDX-License-Identifier: BSL-1.0
// What the shell needs from outside, in a simulated world: in place of the Kafka store and the
// machine's clock.
#pragma once

#include "sim/connection.hpp"
#include "sim/group.hpp"
#include "sim/machine.hpp"
#include "stores/store.hpp"
#include "time_source.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace neli::sim {

class ledger_port final : public stores::ledger, private connection::client {
 public:
  ledger_port(sim::ledger& l, machine& m, listener& to)
      : machine_{m}, connection_{connection::make(l, m, *this)}, listener_{to} {}
  ~ledger_port() override { stop(); }

  void read_back(std::uint64_t records) override { connection_->read_back(records); }
  void append(core::ticket t, std::string value) override {
    machine_.point();
    connection_->append(t, std::make_shared<const entry>(std::move(value)));
    machine_.point();
  }
  void stop() override { connection_->stop(); }

  std::weak_ptr<connection> link() const { return connection_; }

 private:
  void reading(core::offset since, bool beginning, const std::string& log) override {
    listener_.reading(since, beginning, log);
  }
  void record(core::offset at, const entry& e) override {
    listener_.record(at, e.taken(), e.text());
  }
  void end_reached() override { listener_.end_reached(); }
  void gap() override { listener_.gap("what was to be read next is gone"); }
  void appended(core::ticket t) override { listener_.appended(t); }
  void append_failed(core::ticket t) override { listener_.append_failed(t, "it got lost"); }

  machine& machine_;
  std::shared_ptr<connection> connection_;
  listener& listener_;
};

class membership_port final : public stores::membership, private member::client {
 public:
  membership_port(group& g, machine& m, listener& to)
      : member_{member::make(g, m, *this)}, listener_{to} {}
  ~membership_port() override { stop(); }

  void join() override { member_->join(); }
  void give_back(const std::string& role) override { member_->give_back(role); }
  void leave(std::function<void()> left) override { member_->leave(std::move(left)); }
  void stop() override { member_->stop(); }

 private:
  void assigned(const std::string& role) override { listener_.assigned(role); }
  void asked_back(const std::string& role) override { listener_.asked_back(role); }
  void lost(const std::string& role) override { listener_.lost(role); }

  std::shared_ptr<member> member_;
  listener& listener_;
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
