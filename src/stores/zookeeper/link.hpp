// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/zookeeper/connection.hpp"
#include "stores/zookeeper/settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace neli::stores::zookeeper {

/// A connection to one of the servers, and to another one when it has ended.
class link final : public std::enable_shared_from_this<link> {
 public:
  link(const asio::any_io_executor&, settings);

  const settings& how() const { return settings_; }

  /// The connection that is open. If there is none the servers are tried, each once, in a coroutine
  /// of its own, which goes on when this is cancelled. Throws when none of them takes us.
  asio::awaitable<std::shared_ptr<connection>> connected();

  /// No more connections; the last one is closed in order.
  void leave();

 private:
  struct attempt;
  struct failures;

  asio::awaitable<void> make(std::shared_ptr<attempt>);
  asio::awaitable<void> try_all();
  asio::awaitable<boost::system::error_code> try_one(const server&);

  const asio::any_io_executor on_;
  const settings settings_;
  std::size_t next_ = 0;  ///< the server that is tried next
  std::int64_t last_zxid_ = 0;
  std::shared_ptr<connection> connection_;  ///< also one that is being opened, or has ended
  std::shared_ptr<attempt> attempt_;
  bool left_ = false;
};

}  // namespace neli::stores::zookeeper
