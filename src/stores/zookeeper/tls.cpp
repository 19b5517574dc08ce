// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/tls.hpp"

#include <neli/error.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>

namespace neli::stores::zookeeper {

namespace ssl = asio::ssl;
using boost::system::error_code;

namespace {

[[noreturn]] void refuse_file(const std::string& field, const std::string& value,
                              const std::string& rule) {
  throw config_error{"zookeeper.tls." + field, value, rule};
}

void check_file(const std::string& field, const std::string& file, const error_code& wrong) {
  if (wrong) refuse_file(field, file, "must be a PEM file that can be read: " + wrong.message());
}

void trust(const std::string& file, ssl::context& c) {
  error_code wrong;
  if (file.empty())
    c.set_default_verify_paths(wrong);
  else
    c.load_verify_file(file, wrong);
  check_file("ca_file", file, wrong);
}

void show(const neli::tls& t, ssl::context& c) {
  if (t.certificate_file.empty() && t.key_file.empty()) return;
  if (t.key_file.empty()) refuse_file("key_file", "", "must be given with certificate_file");
  if (t.certificate_file.empty())
    refuse_file("certificate_file", "", "must be given with key_file");
  error_code wrong;
  c.use_certificate_chain_file(t.certificate_file, wrong);
  check_file("certificate_file", t.certificate_file, wrong);
  // Otherwise OpenSSL would ask for a passphrase at the terminal.
  c.set_password_callback([](std::size_t, ssl::context::password_purpose) { return ""; });
  c.use_private_key_file(t.key_file, ssl::context::pem, wrong);
  check_file("key_file", t.key_file, wrong);
}

}  // namespace

std::shared_ptr<tls_client> make_tls(const neli::tls& t) {
  auto made = std::make_shared<tls_client>();
  made->verify_name = t.verify_name;
  auto& c = made->context;
  c.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  c.set_verify_mode(ssl::verify_peer);
  trust(t.ca_file, c);
  show(t, c);
  return made;
}

}  // namespace neli::stores::zookeeper
