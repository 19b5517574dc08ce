// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/kafka/config.hpp"
#include "stores/setup.hpp"

#include <memory>
#include <string>

namespace neli::stores::kafka {

class setup final : public stores::setup {
 public:
  explicit setup(config, use = use::following);

  std::shared_ptr<const stores::setup> completed(const neli::config&, use) const override;
  neli::arbitration arbitration() const override { return config_->arbitration; }
  void check_role(const std::string&) const override;
  std::string where() const override;
  make_store opener() const override;
  std::string as_text() const override;

 private:
  std::shared_ptr<const config> config_;
  use use_;
};

/// For a role that no other process of the group knows of.
std::string derived_group(const std::string& program, const std::string& role);

}  // namespace neli::stores::kafka
