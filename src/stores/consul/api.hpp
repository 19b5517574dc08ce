// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/consul/messages.hpp"
#include "stores/http/client.hpp"
#include "stores/net/refusals.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace neli::stores::consul {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// How a datacenter is reached, and how long one waits.
struct access {
  http::servers servers;
  std::string token, datacenter;
  milliseconds wait{0};      ///< so long Consul may keep a query for changes
  milliseconds patience{0};  ///< so long refusals are tried again
};

/// Calls of Consul's API for one key: throws what is neither a success nor an answer.
class api {
 public:
  api(const asio::any_io_executor&, std::shared_ptr<const access>, std::string key);

  asio::awaitable<sight> look();
  /// Once the key may have changed since; as Consul wants it, at least 1.
  asio::awaitable<sight> look_after(index);
  /// The new version; empty: the key has another index.
  asio::awaitable<std::string> swap(index expected, std::string bytes);

 private:
  http::request make(boost::beast::http::verb, const std::string& path, std::string query) const;
  sight take(const http::response&);
  [[noreturn]] void fail(unsigned status, const std::string& said);

  std::shared_ptr<const access> access_;
  std::string key_;
  http::client client_;
  net::refusals refusals_;
};

}  // namespace neli::stores::consul
