// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/setup.hpp"
#include <neli/error.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace neli::stores::memory {

/// Of a store that is handed to the session by the program that holds it.
class setup final : public stores::setup {
 public:
  /// In group arbitration there are candidates for these roles.
  explicit setup(neli::arbitration how, std::vector<std::string> roles = {})
      : how_{how}, roles_{std::move(roles)} {}

  std::shared_ptr<const stores::setup> completed(const config&, use) const override {
    throw std::logic_error{"neli: a store in memory cannot be opened again"};
  }
  neli::arbitration arbitration() const override { return how_; }
  void check_role(const std::string& role) const override {
    const bool known = std::find(roles_.begin(), roles_.end(), role) != roles_.end();
    if (how_ == arbitration::group && !known)
      throw config_error{"role", role, "must be one of the group's roles"};
  }
  std::string where() const override { return "memory"; }
  make_store opener() const override { return {}; }

 private:
  const neli::arbitration how_;
  const std::vector<std::string> roles_;
};

}  // namespace neli::stores::memory
