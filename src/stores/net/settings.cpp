// SPDX-License-Identifier: BSL-1.0
#include "stores/net/settings.hpp"

#include <boost/json.hpp>

#include <utility>

namespace neli::stores::net {

namespace json = boost::json;

json::value to_json(const std::optional<tls>& t) {
  if (!t) return nullptr;
  return {{"ca_file", t->ca_file},
          {"certificate_file", t->certificate_file},
          {"key_file", t->key_file},
          {"verify_name", t->verify_name}};
}

std::optional<tls> tls_of(const json::object& settings) {
  const auto& given = settings.at("tls");
  if (given.is_null()) return std::nullopt;
  const auto& o = given.as_object();
  return tls{text_of(o, "ca_file"), text_of(o, "certificate_file"), text_of(o, "key_file"),
             o.at("verify_name").as_bool()};
}

std::string text_of(const json::object& settings, std::string_view key) {
  return json::value_to<std::string>(settings.at(key));
}

std::vector<std::string> texts_of(const json::object& settings, std::string_view key) {
  return json::value_to<std::vector<std::string>>(settings.at(key));
}

std::optional<json::object> settings_of(std::string_view kind, const std::string& text) {
  boost::system::error_code ec;
  auto parsed = json::parse(text, ec);
  auto* o = ec ? nullptr : parsed.if_object();
  const auto* given = o ? o->if_contains("kind") : nullptr;
  if (!given || !given->is_string() || given->get_string() != kind) return std::nullopt;
  return std::move(*o);
}

}  // namespace neli::stores::net
