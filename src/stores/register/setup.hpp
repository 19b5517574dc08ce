// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/setup.hpp"
#include <neli/stores/register.hpp>

#include <memory>
#include <string>

namespace neli::stores::registers {

class setup final : public stores::setup {
 public:
  explicit setup(register_store s, neli::config c = {}, use = use::following);

  std::shared_ptr<const stores::setup> completed(const neli::config&, use) const override;
  /// A register assigns nothing to anybody.
  neli::arbitration arbitration() const override { return arbitration::ledger; }
  std::string where() const override;
  make_store opener() const override;
  std::string as_text() const override { return store_.settings; }

 private:
  const register_store store_;
  const neli::config config_;
  const use use_;
};

}  // namespace neli::stores::registers
