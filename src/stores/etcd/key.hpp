// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/etcd/gateway.hpp"
#include "stores/etcd/watch.hpp"
#include <neli/stores/register.hpp>

#include <memory>
#include <optional>
#include <string>

namespace neli::stores::etcd {

/// A key as a register.
class key final : public shared_register {
 public:
  key(const asio::any_io_executor&, const std::shared_ptr<const access>&, std::string name);

  asio::awaitable<register_value> load() override;
  asio::awaitable<register_swap> compare_and_swap(std::string expected, std::string bytes) override;
  asio::awaitable<std::optional<register_value>> wait_for_change(std::string version) override;

 private:
  void know(const sight&);

  std::string name_;
  gateway commands_;
  watch watch_;
  // What it was when it was seen last: a watch starts there, as the version's own revision may have
  // been compacted away, and where there is no value there is none.
  std::string version_;
  revision at_ = 0;
};

}  // namespace neli::stores::etcd
