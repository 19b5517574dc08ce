// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/etcd/gateway.hpp"

#include <memory>
#include <optional>
#include <string>

namespace neli::stores::etcd {

/// Is told by etcd when a key changes, over a connection of its own: the gateway has no other way
/// to cancel a watch than to close it.
class watch {
 public:
  watch(const asio::any_io_executor&, std::shared_ptr<const access>, std::string key);

  /// The key after a change later than this revision. Nothing: the history of that time is gone, or
  /// the server has been silent; so look.
  asio::awaitable<std::optional<sight>> next(revision after);

 private:
  asio::awaitable<void> start(revision after);

  std::shared_ptr<const access> access_;
  std::string key_;
  gateway gateway_;
  bool is_on_ = false;
  bool is_granted_ = false;  ///< a line has said so
  revision told_ = 0;        ///< of the changes until then
};

}  // namespace neli::stores::etcd
