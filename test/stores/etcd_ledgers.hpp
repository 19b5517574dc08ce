// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "contract/store.hpp"
#include "stores/etcd_fixture.hpp"
#include "stores/setup.hpp"
#include <neli/config.hpp>
#include <neli/logging.hpp>

#include <boost/asio/executor_work_guard.hpp>

#include <memory>

namespace neli::test {

/// A log in a key of an etcd.
class etcd_ledgers final : public contract::ledgers {
 public:
  ~etcd_ledgers() override {
    if (is_cut_off_) heal();
    if (is_killed_) start();
  }

  void pass(milliseconds t) override { in_.pass(t); }
  std::unique_ptr<stores::ledger> open(stores::ledger::listener& l, bool) override {
    const config c{.store = neli::etcd{.endpoints = {the_etcd().address()}},
                   .ledger = in_.key,
                   .lease = lease,
                   .logger = no_logger()};
    const auto complete = c.store.setup()->completed(c, stores::use::contending);
    return complete->opener()(strand{in_.context().get_executor()}, l).ledger;
  }
  void make_anew() override { in_.remove(); }
  void cut_off() override {
    the_etcd().pause();
    is_cut_off_ = true;
  }
  void heal() override {
    is_cut_off_ = false;
    the_etcd().resume();
  }
  void kill() override {
    the_etcd().kill();
    is_killed_ = true;
  }
  void start() override {
    is_killed_ = false;
    the_etcd().start();
  }

 private:
  etcd_registers in_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{in_.context().get_executor()};
  bool is_cut_off_ = false;
  bool is_killed_ = false;
};

}  // namespace neli::test
