// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/cell.hpp"
#include "sim/machine.hpp"
#include "stores/store.hpp"

#include <algorithm>
#include <memory>

namespace neli::sim {

/// One process's way to the store.
struct wire {
  explicit wire(machine& m) : on{m} {}

  /// Nothing arrives, in neither direction, for so long.
  void cut_off(real);
  real open_at(real t) const { return std::max(t, cut_off_until); }

  machine& on;
  real cut_off_until{};
};

/// A ledger on the register, as neli makes it.
std::unique_ptr<stores::ledger> make_register_ledger(cell&, std::shared_ptr<wire>, const strand&,
                                                     stores::ledger::listener&, bool appends,
                                                     milliseconds of_lease = lease);

}  // namespace neli::sim
