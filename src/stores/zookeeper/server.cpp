// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/server.hpp"

#include <neli/error.hpp>

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace neli::stores::zookeeper {

namespace {

[[noreturn]] void refuse_server(const std::string& text, const std::string& rule) {
  throw config_error{"zookeeper.servers", text, rule};
}

bool is_port(const std::string& text) {
  std::uint16_t port = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), port);
  return wrong == std::errc{} && end == text.data() + text.size() && port > 0;
}

bool is_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

bool is_bracketed(const std::string& host) {
  boost::system::error_code wrong;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    boost::asio::ip::make_address_v6(host.substr(1, host.size() - 2), wrong);
  else
    return false;
  return !wrong;
}

}  // namespace

server parse_server(const std::string& text) {
  const std::string form = "must be a host and a port, as in 'zoo1:2181' or '[::1]:2181'";
  if (text.find(',') != text.npos)
    refuse_server(text, "must be one server: the next one is an element");
  if (text.find('/') != text.npos) refuse_server(text, form + "; the path belongs into the ledger");
  const auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0) refuse_server(text, form);
  server s{text.substr(0, colon), text.substr(colon + 1), text};
  if (!is_port(s.port)) refuse_server(text, form + ", the port from 1 to 65535");
  if (is_bracketed(s.host))
    s.host = s.host.substr(1, s.host.size() - 2);
  else if (!std::all_of(s.host.begin(), s.host.end(), is_in_name))
    refuse_server(text, form);
  return s;
}

}  // namespace neli::stores::zookeeper
