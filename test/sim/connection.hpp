// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/ledger.hpp"
#include "sim/machine.hpp"
#include "stores/memory/ledger.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

namespace neli::sim {

/// The network between one process and the ledger, with what can happen to what is on its way.
class network final : public stores::memory::conditions,
                      public std::enable_shared_from_this<network> {
 public:
  explicit network(machine& m) : machine_{m}, around_{m.around()} {}

  /// Nothing arrives, in neither direction, for so long.
  void cut_off(real);
  /// The ledger on this side has been stopped.
  void close() { closed_ = true; }

 private:
  void answer(event e) override { machine_.post(std::move(e)); }
  void look(event seen) override;
  void fetch(event arrives) override;
  void append(event arrives, outcome told) override;
  bool notices_a_new_log() const override { return around_.plan.assumptions.new_ledger_is_noticed; }
  bool alive() const override { return !machine_.dead(); }

  real cut_off_until(real t) const { return std::max(t, cut_off_until_); }
  void fetch_at(real, event arrives);
  void arrive(const event&, const outcome&, real sent);
  void tell(real when, const outcome&, bool well);

  machine& machine_;
  surroundings& around_;
  bool closed_ = false;
  real cut_off_until_{};
  real appended_until_{};  ///< appends arrive in order
};

/// One process's ledger.
class connection final : public stores::memory::ledger {
 public:
  connection(sim::ledger& l, machine& m, listener& to)
      : connection{l, m, to, std::make_shared<network>(m)} {}
  ~connection() override { network_->close(); }

  void read_back(std::uint64_t records) override;
  void append(core::ticket, std::string value) override;
  void stop() override;

  void cut_off(real d) { network_->cut_off(d); }
  void lose_place();
  /// Until it is stopped.
  std::weak_ptr<connection> link() {
    return std::shared_ptr<connection>{ledger::link().lock(), this};
  }

 private:
  connection(sim::ledger& l, machine& m, listener& to, std::shared_ptr<network> n)
      : stores::memory::ledger{l, n, to},
        machine_{m},
        around_{m.around()},
        network_{std::move(n)},
        pace_{m.around().checks, m.name()} {}

  machine& machine_;
  surroundings& around_;
  const std::shared_ptr<network> network_;
  pace pace_;
};

}  // namespace neli::sim
