// SPDX-License-Identifier: BSL-1.0
#include "stores/http/endpoint.hpp"

#include <neli/error.hpp>

#include <algorithm>
#include <string_view>

namespace neli::stores::http {

namespace {

bool is_host(const std::string& text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           more.find(c) != more.npos;
  });
}

bool is_port(const std::string& text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == text.npos &&
         std::stoi(text) >= 1 && std::stoi(text) <= 65535;
}

/// Without a password that somebody has written before the host.
std::string shown(const std::string& given) {
  const auto at = given.rfind('@');
  return at == given.npos ? given : "..." + given.substr(at);
}

}  // namespace

std::string endpoint::authority() const {
  const bool is_v6 = host.find(':') != host.npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + port;
}

endpoint parse_endpoint(const std::string& field, const std::string& given, bool tls) {
  const auto refuse = [&](const std::string& rule) {
    throw config_error{field, shown(given), rule};
  };
  auto rest = given;
  endpoint e{.host = {}, .port = {}, .secure = tls};
  if (const auto end = given.find("://"); end != given.npos) {
    const auto scheme = given.substr(0, end);
    if (scheme != "http" && scheme != "https")
      refuse("must begin with http://, https:// or the host");
    if (scheme == "http" && tls) refuse("must not begin with http:// when tls is set");
    e.secure = scheme == "https";
    rest = given.substr(end + 3);
    if (rest.ends_with('/')) rest.pop_back();
  }
  const auto colon = rest.rfind(':');
  if (colon == rest.npos || !is_port(rest.substr(colon + 1)))
    refuse("must end with a port, 1 to 65535: host:port");
  e.port = rest.substr(colon + 1);
  e.host = rest.substr(0, colon);
  const bool bracketed = e.host.starts_with('[') && e.host.ends_with(']');
  if (bracketed) e.host = e.host.substr(1, e.host.size() - 2);
  if (!is_host(e.host, bracketed ? ".:%-_" : ".-_"))
    refuse("must name a host, an IPv4 address or an IPv6 address in brackets: host:port");
  return e;
}

}  // namespace neli::stores::http
