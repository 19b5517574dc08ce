// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/consul/api.hpp"
#include <neli/stores/register.hpp>

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <string>

namespace neli::stores::consul {

/// A key as a register.
class key final : public shared_register {
 public:
  key(const asio::any_io_executor&, const std::shared_ptr<const access>&, const std::string& name);

  asio::awaitable<register_value> load() override;
  asio::awaitable<register_swap> compare_and_swap(std::string expected, std::string bytes) override;
  asio::awaitable<std::optional<register_value>> wait_for_change(std::string version) override;

 private:
  void know(const sight&);

  api commands_;
  api queries_;  ///< over a connection of its own, as Consul keeps a query for long
  asio::steady_timer pause_;
  // What it was when it was seen last: a key that is not there has no index of its own.
  std::string version_;
  index at_ = 0;
};

}  // namespace neli::stores::consul
