// SPDX-License-Identifier: BSL-1.0
// A store as a command line names it.
#pragma once

#include <neli/store.hpp>

#include <string>

namespace neli::tools {

/// KIND[+tls]://[USER:PASSWORD@]HOST:PORT[,HOST:PORT...]. Consul has a token instead of user and
/// password, and Kafka neither: it has properties.
struct store_url {
  std::string kind;  ///< "kafka", "etcd", "consul" or "zookeeper"
  bool tls = false;
  std::string user;
  std::string password;
  std::string servers;  ///< HOST:PORT,...
};

/// Throws `CLI::ValidationError`, which does not repeat a password.
store_url parse_store_url(const std::string&);

/// Any but Kafka's. `ca_file` may be empty. Throws `CLI::ValidationError` for a kind that this
/// program was built without.
store store_of(const store_url&, const std::string& ca_file);

}  // namespace neli::tools
