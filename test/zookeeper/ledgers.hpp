// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "contract/store.hpp"
#include "stores/setup.hpp"
#include "zookeeper/fixture.hpp"
#include <neli/logging.hpp>

#include <boost/asio/executor_work_guard.hpp>

#include <memory>

namespace neli::test {

/// A log in a node of ZooKeeper's.
class zookeeper_ledgers final : public contract::ledgers {
 public:
  /// Other tests are to find the server as it was.
  ~zookeeper_ledgers() override {
    if (is_cut_off_) heal();
    if (is_killed_) start();
  }

  void pass(std::chrono::milliseconds t) override { in_.pass(t); }
  std::unique_ptr<stores::ledger> open(stores::ledger::listener& l, bool) override {
    auto c = in_.config;
    c.store = in_.settings;
    c.lease = lease;
    c.logger = no_logger();
    const auto complete = c.store.setup()->completed(c, stores::use::contending);
    return complete->opener()(strand{in_.context().get_executor()}, l).ledger;
  }
  void make_anew() override { in_.remove(); }
  void cut_off() override {
    the_zookeeper().pause();
    is_cut_off_ = true;
  }
  void heal() override {
    is_cut_off_ = false;
    the_zookeeper().resume();
  }
  void kill() override {
    the_zookeeper().kill();
    is_killed_ = true;
  }
  void start() override {
    is_killed_ = false;
    the_zookeeper().start();
  }

 private:
  zookeeper_registers in_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{in_.context().get_executor()};
  bool is_cut_off_ = false;
  bool is_killed_ = false;
};

}  // namespace neli::test
