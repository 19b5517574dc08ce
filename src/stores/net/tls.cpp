// SPDX-License-Identifier: BSL-1.0
#include "stores/net/tls.hpp"

#include <neli/error.hpp>

#include <boost/system/system_error.hpp>

namespace neli::stores::net {

namespace ssl = boost::asio::ssl;

namespace {

/// OpenSSL's text says what is wrong with a file, or the system's, that there is none.
template <class Read>
void read(const std::string& field, const std::string& file, Read from_file) {
  try {
    from_file();
  } catch (const boost::system::system_error& e) {
    throw config_error{field, file, "must be a PEM file that can be read: " + e.code().message()};
  }
}

void read_own(const std::string& field, const neli::tls& t, ssl::context& to) {
  if (t.certificate_file.empty() != t.key_file.empty()) {
    const bool key = t.key_file.empty();
    throw config_error{field + (key ? ".key_file" : ".certificate_file"), "",
                       key ? "must be given with certificate_file" : "must be given with key_file"};
  }
  if (t.key_file.empty()) return;
  read(field + ".certificate_file", t.certificate_file,
       [&] { to.use_certificate_chain_file(t.certificate_file); });
  // Without this, OpenSSL would ask for a passphrase at the terminal.
  to.set_password_callback(
      [](std::size_t, ssl::context::password_purpose) { return std::string{}; });
  read(field + ".key_file", t.key_file,
       [&] { to.use_private_key_file(t.key_file, ssl::context::pem); });
}

}  // namespace

std::shared_ptr<tls_client> make_tls(const std::string& field, const neli::tls& t) {
  auto made = std::make_shared<tls_client>(
      tls_client{ssl::context{ssl::context::tls_client}, t.verify_name});
  auto& to = made->context;
  to.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  to.set_verify_mode(ssl::verify_peer);
  if (t.ca_file.empty())
    to.set_default_verify_paths();
  else
    read(field + ".ca_file", t.ca_file, [&] { to.load_verify_file(t.ca_file); });
  read_own(field, t, to);
  return made;
}

}  // namespace neli::stores::net
