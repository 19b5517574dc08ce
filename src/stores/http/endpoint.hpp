// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace neli::stores::http {

/// Where a server is.
struct endpoint {
  std::string host;
  std::string port;
  bool secure = false;

  /// As a URL and the header `Host` have it.
  std::string authority() const;
};

/// Reads "host:port", "http://host:port" or "https://host:port". Throws `config_error` for this
/// field. `tls`: it is used for all of them.
endpoint parse_endpoint(const std::string& field, const std::string& given, bool tls);

}  // namespace neli::stores::http
