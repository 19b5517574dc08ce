// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/endpoint.hpp"
#include "shell/subscription.hpp"

#include <memory>
#include <string>

namespace neli::shell {

/// A follower on the session's strand: one stream of what the ledger says about who leads.
class follower final : public endpoint {
 public:
  follower(std::string role, std::shared_ptr<session>);

  const std::shared_ptr<subscription<leader_changed>>& changes() const { return changes_; }
  void drop() override;

  void tell(const event&) override;
  void closed() override;

 private:
  void give_up() override;

  const std::shared_ptr<subscription<leader_changed>> changes_;
};

}  // namespace neli::shell
