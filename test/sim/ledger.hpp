// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/surroundings.hpp"
#include "stores/memory/log.hpp"

#include <deque>
#include <string>

namespace neli::sim {

/// The log that all share, with what may happen to it.
class ledger final : public stores::memory::log {
 public:
  explicit ledger(surroundings& s) : around_{s} {}

  std::string name() const override;

  void suffer_faults();
  void recreate();

 private:
  core::stamp now() const override;
  void appended(const entry&) override;

  void truncate();
  void lose_the_end();
  void make_noise();
  void change_clocks();
  void note(const core::record&);

  surroundings& around_;
  std::deque<real> appended_;  ///< when each of them was
  real clock_ahead_{};         ///< of true time, or behind it
};

}  // namespace neli::sim
