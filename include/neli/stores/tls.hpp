// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

namespace neli {

/// How a client speaks TLS, 1.2 or newer, with the servers of a store. The files are PEM, and are
/// read when a candidate or session is made; what cannot be used throws `config_error`.
struct tls {
  /// The certificates of those who may sign a server's. Empty: whom the system trusts.
  std::string ca_file = {};

  /// The client's own certificate, and after it those between it and its root; for servers that ask
  /// for one. With `key_file`, or neither.
  std::string certificate_file = {};

  /// The private key of `certificate_file`, without a passphrase.
  std::string key_file = {};

  /// A server's certificate must be for the host, or the address, by which it is reached. False:
  /// any that is signed well will do.
  bool verify_name = true;
};

}  // namespace neli
