// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/net/tls.hpp"
#include "stores/zookeeper/messages.hpp"
#include "stores/zookeeper/server.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace neli::stores::zookeeper {

/// How to reach ZooKeeper: `neli::zookeeper`, checked.
struct settings {
  std::vector<server> servers;
  std::string user;
  std::string password;
  std::shared_ptr<net::tls_client> tls;

  /// How long an address may take until it has opened a session.
  std::chrono::milliseconds to_connect;
  /// How long a connection may be silent until the server is asked for a sign of life. After three
  /// times as long without one the connection is given up.
  std::chrono::milliseconds to_be_silent;

  /// For how long a refusal is not taken for the last word.
  std::chrono::milliseconds to_be_refused;

  access who() const { return user.empty() ? access::everybody : access::this_user; }
};

}  // namespace neli::stores::zookeeper
