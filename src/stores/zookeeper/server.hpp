// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace neli::stores::zookeeper {

struct server {
  std::string host;  ///< a name or an address
  std::string port;
  std::string name;  ///< as it was given
};

/// Throws `config_error`.
server parse_server(const std::string&);

}  // namespace neli::stores::zookeeper
