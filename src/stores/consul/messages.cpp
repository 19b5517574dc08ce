// SPDX-License-Identifier: BSL-1.0
#include "stores/consul/messages.hpp"

#include "stores/http/base64.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>
#include <string_view>

namespace neli::stores::consul {

namespace json = boost::json;

namespace {

constexpr std::size_t shown = 200;

json::value parsed(const http::response& a) {
  boost::system::error_code error;
  auto v = json::parse(a.body(), error);
  if (error) throw std::runtime_error{"what answers is no Consul: " + a.body().substr(0, shown)};
  return v;
}

std::string version_in(const json::object& kv) {
  return std::to_string(kv.at("ModifyIndex").to_number<index>());
}

/// 0 where there is none, or nonsense.
index index_in(const http::response& a) {
  const std::string text{a["X-Consul-Index"]};
  const bool is_number =
      !text.empty() && text.size() < 20 && text.find_first_not_of("0123456789") == text.npos;
  return is_number ? std::stoull(text) : 0;
}

}  // namespace

std::string escaped(const std::string& key) {
  constexpr std::string_view plain = "-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string to;
  for (const char c : key) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || plain.find(c) != plain.npos;
    if (is_plain) {
      to += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    to += '%';
    to += digits[byte >> 4u];
    to += digits[byte & 15u];
  }
  return to;
}

std::string swap_request(const std::string& key, index expected, const std::string& bytes) {
  // Consul does not count a write of what is there already, flags included. These differ.
  json::object kv{{"Verb", "cas"},
                  {"Key", key},
                  {"Index", expected},
                  {"Flags", expected},
                  {"Value", http::to_base64(bytes)}};
  json::object step{{"KV", std::move(kv)}};
  return json::serialize(json::array{std::move(step)});
}

index index_of(const std::string& version) { return version.empty() ? 0 : std::stoull(version); }

sight looked(const http::response& a) {
  sight s{.value = {}, .at = index_in(a)};
  if (a.result_int() == 404) return s;
  const auto v = parsed(a);
  const auto& kv = v.as_array().at(0).as_object();
  const auto& bytes = kv.at("Value");
  s.value = {.bytes = bytes.is_null() ? std::string{} : http::from_base64(bytes.as_string()),
             .version = version_in(kv)};
  return s;
}

std::string swapped(const http::response& a) {
  const auto v = parsed(a);
  return version_in(v.as_object().at("Results").as_array().at(0).at("KV").as_object());
}

conflict conflicted(const http::response& a) {
  const auto v = parsed(a);
  const auto& text = v.as_object().at("Errors").as_array().at(0).at("What").as_string();
  return {text.find("index is stale") != json::string::npos, std::string{text}};
}

std::string said(const http::response& a) {
  return a.body().empty() ? std::string{a.reason()} : a.body().substr(0, shown);
}

}  // namespace neli::stores::consul
