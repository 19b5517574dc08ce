// SPDX-License-Identifier: BSL-1.0
#include "stores/http/base64.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace neli::stores::http {

namespace {

unsigned char* bytes(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }
const unsigned char* bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}

}  // namespace

std::string to_base64(std::string_view from) {
  // OpenSSL writes a zero after it, where a string has one anyway.
  std::string to((from.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(bytes(to), bytes(from), static_cast<int>(from.size()));
  return to;
}

std::string from_base64(std::string_view from) {
  std::string to(from.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(bytes(to), bytes(from), static_cast<int>(from.size())) !=
      static_cast<int>(to.size()))
    throw std::runtime_error{"a value is no base64"};
  // It decodes what fills up the last three bytes, too.
  while (from.ends_with('=')) {
    from.remove_suffix(1);
    if (!to.empty()) to.pop_back();
  }
  return to;
}

}  // namespace neli::stores::http
