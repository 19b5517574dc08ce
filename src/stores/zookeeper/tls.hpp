// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/stores/tls.hpp>

#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace neli::stores::zookeeper {

namespace asio = boost::asio;

/// How TLS connections are made.
struct tls_client {
  asio::ssl::context context{asio::ssl::context::tls_client};
  bool verify_name = true;
};

/// Reads the files. Throws `config_error` for one that does not serve.
std::shared_ptr<tls_client> make_tls(const neli::tls&);

}  // namespace neli::stores::zookeeper
