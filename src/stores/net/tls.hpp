// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/stores/tls.hpp>

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace neli::stores::net {

/// How TLS connections are made.
struct tls_client {
  boost::asio::ssl::context context;
  bool verify_name = true;
};

/// Reads the files. Throws `config_error` for the fields of `field`, "etcd.tls" for instance.
std::shared_ptr<tls_client> make_tls(const std::string& field, const neli::tls&);

}  // namespace neli::stores::net
