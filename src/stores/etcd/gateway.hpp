// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/etcd/messages.hpp"
#include "stores/http/client.hpp"
#include "stores/net/refusals.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace neli::stores::etcd {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// How a cluster is reached, and how long one waits.
struct access {
  http::servers servers;
  std::string user, password;
  milliseconds silence{0};   ///< so long a watch may say nothing
  milliseconds patience{0};  ///< so long refusals are tried again
};

/// Calls of the JSON gateway: logs in when that is needed, and throws what is no success.
class gateway {
 public:
  gateway(const asio::any_io_executor&, std::shared_ptr<const access>);

  /// The answer of a method, "kv/range" for instance.
  asio::awaitable<json::object> call(std::string method, std::string body);

  /// Calls a method whose answer is one line after another.
  asio::awaitable<void> start(std::string method, std::string body);
  /// Nothing: none has come for this time.
  asio::awaitable<std::optional<json::object>> next_line(milliseconds limit);

  /// The user is to be logged in anew. False: that would be no use, as there is none, or as that
  /// was done for the last call.
  bool forget_login();
  void close() { client_.close(); }
  /// What answered last does not serve.
  void leave_server() { client_.leave_server(); }
  std::string server() const { return client_.server(); }

 private:
  asio::awaitable<void> be_logged_in();
  http::request post(const std::string& method, std::string body) const;
  asio::awaitable<http::response> exchange(http::request);
  [[noreturn]] void fail(const refusal&);
  [[noreturn]] void fail_login(const refusal&);

  std::shared_ptr<const access> access_;
  http::client client_;
  net::refusals refusals_;
  std::string token_;
  bool token_is_new_ = false;  ///< it was fetched for the last call
  std::string text_;           ///< after the last line
};

}  // namespace neli::stores::etcd
