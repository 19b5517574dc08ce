// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>
#include <utility>

namespace neli {

namespace stores {
class setup;
}

/// Which store keeps the ledger, and how it is reached. Made from the settings of one kind, for
/// instance `neli::kafka`; a value.
class store {
 public:
  /// None yet: refused when a candidate is made.
  store() = default;
  /// For the settings of each kind of store, which convert to this.
  explicit store(std::shared_ptr<const stores::setup> s) : setup_{std::move(s)} {}

  /// Null when there is none.
  const std::shared_ptr<const stores::setup>& setup() const noexcept { return setup_; }

 private:
  std::shared_ptr<const stores::setup> setup_;
};

}  // namespace neli
