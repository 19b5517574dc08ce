// SPDX-License-Identifier: BSL-1.0
#include "stores/etcd/messages.hpp"

#include "stores/http/base64.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace neli::stores::etcd {

using http::from_base64;
using http::to_base64;

namespace {

const json::value* member(const json::object& o, std::string_view name) {
  return o.if_contains(name);
}

const json::object& object(const json::object& o, std::string_view name) {
  static const json::object empty;
  const auto* v = member(o, name);
  const auto* found = v ? v->if_object() : nullptr;
  return found ? *found : empty;
}

/// The objects of an array.
const json::array& array(const json::object& o, std::string_view name) {
  static const json::array empty;
  const auto* v = member(o, name);
  const auto* found = v ? v->if_array() : nullptr;
  return found ? *found : empty;
}

std::string text(const json::object& o, std::string_view name) {
  const auto* v = member(o, name);
  const auto* found = v ? v->if_string() : nullptr;
  return found ? std::string{*found} : std::string{};
}

std::int64_t number(const json::object& o, std::string_view name) {
  const auto* v = member(o, name);
  if (!v) return 0;
  if (const auto* s = v->if_string()) return std::stoll(std::string{*s});
  return v->to_number<std::int64_t>();
}

bool flag(const json::object& o, std::string_view name) {
  const auto* v = member(o, name);
  const auto* found = v ? v->if_bool() : nullptr;
  return found && *found;
}

sight seen(const json::object& header) {
  return {.value = {}, .cluster = text(header, "cluster_id"), .at = number(header, "revision")};
}

void see(sight& s, const json::object& kv) {
  s.value = {
      .bytes = from_base64(text(kv, "value")),
      .version =
          stamp{s.cluster, number(kv, "create_revision"), number(kv, "mod_revision")}.version()};
}

void see_first(sight& s, const json::object& range) {
  const auto& all = array(range, "kvs");
  if (!all.empty()) see(s, all[0].as_object());
}

constexpr std::size_t shown = 200;

[[noreturn]] void no_answer(std::string_view what) {
  throw std::runtime_error{"what answers is no etcd: " + std::string{what.substr(0, shown)}};
}

/// In the words of gRPC.
int code_of(unsigned http_status) {
  switch (http_status) {
    case 401: return 16;
    case 403: return 7;
    case 404: return 12;
    case 429:
    case 502:
    case 503:
    case 504: return 14;
    default: return 2;
  }
}

/// The members' names are those of etcd 3.4, or of newer ones.
refusal error_in(const json::object& o, int otherwise) {
  refusal r{otherwise, text(o, "message")};
  if (r.text.empty()) r.text = text(o, "error");
  for (const auto* name : {"code", "grpc_code"})
    if (o.contains(name)) r.code = static_cast<int>(number(o, name));
  return r;
}

}  // namespace

std::string stamp::version() const {
  return cluster + ":" + std::to_string(created) + ":" + std::to_string(modified);
}

stamp stamp::of(const std::string& version) {
  const auto first = version.find(':');
  const auto second = version.rfind(':');
  if (first == version.npos) return {};
  return {version.substr(0, first), std::stoll(version.substr(first + 1, second - first - 1)),
          std::stoll(version.substr(second + 1))};
}

std::string login_request(const std::string& user, const std::string& password) {
  return json::serialize(json::object{{"name", user}, {"password", password}});
}

// From all members' agreement, unless etcd is told otherwise.
std::string look_request(const std::string& key) {
  return json::serialize(json::object{{"key", to_base64(key)}});
}

std::string swap_request(const std::string& key, const stamp& expected, const std::string& bytes) {
  const auto k = to_base64(key);
  const auto equal = [&](const char* target, const char* of, revision is) -> json::object {
    return {{"key", k}, {"target", target}, {"result", "EQUAL"}, {of, std::to_string(is)}};
  };
  json::object put{{"key", k}, {"value", to_base64(bytes)}};
  json::object look{{"key", k}};
  json::object all;
  all["compare"] = json::array{equal("MOD", "mod_revision", expected.modified),
                               equal("CREATE", "create_revision", expected.created)};
  all["success"] = json::array{json::object{{"request_put", std::move(put)}}};
  all["failure"] = json::array{json::object{{"request_range", std::move(look)}}};
  return json::serialize(all);
}

std::string watch_request(const std::string& key, revision since) {
  json::object create{{"key", to_base64(key)}, {"start_revision", std::to_string(since)}};
  return json::serialize(json::object{{"create_request", std::move(create)}});
}

json::object parse(const std::string& body) {
  boost::system::error_code error;
  auto v = json::parse(body, error);
  if (error || !v.is_object()) no_answer(body);
  return std::move(v.as_object());
}

std::string token(const json::object& o) {
  auto t = text(o, "token");
  if (t.empty()) no_answer(json::serialize(o));
  return t;
}

sight looked(const json::object& o) {
  auto s = seen(object(o, "header"));
  if (s.at == 0) no_answer(json::serialize(o));
  see_first(s, o);
  return s;
}

swap_answer swapped(const json::object& o) {
  swap_answer a{flag(o, "succeeded"), seen(object(o, "header"))};
  if (a.now.at == 0) no_answer(json::serialize(o));
  const auto& all = array(o, "responses");
  if (a.swapped) return a;
  if (all.empty()) no_answer(json::serialize(o));
  see_first(a.now, object(all[0].as_object(), "response_range"));
  return a;
}

news watched(const json::object& o) {
  const auto& result = object(o, "result");
  news n;
  n.cancelled = flag(result, "canceled");
  n.compacted = number(result, "compact_revision") > 0;
  n.reason = text(result, "cancel_reason");
  const auto& events = array(result, "events");
  if (events.empty()) return n;
  const auto& last = events[events.size() - 1].as_object();
  const auto& kv = object(last, "kv");
  n.last = seen(object(result, "header"));
  // Until then; the header's may be of later changes that come next.
  n.last->at = number(kv, "mod_revision");
  if (text(last, "type") != "DELETE") see(*n.last, kv);
  return n;
}

refusal refused(unsigned http_status, const std::string& body) {
  const auto otherwise = code_of(http_status);
  boost::system::error_code error;
  const auto v = json::parse(body, error);
  refusal r{otherwise, {}};
  if (!error && v.is_object()) r = error_in(v.get_object(), otherwise);
  if (r.text.empty())
    r.text = "HTTP status " + std::to_string(http_status) + ": " + body.substr(0, shown);
  return r;
}

std::optional<refusal> stream_error(const json::object& o) {
  constexpr int unknown = 2;
  const auto* error = member(o, "error");
  if (!error) return std::nullopt;
  if (const auto* in = error->if_object()) return error_in(*in, unknown);
  return error_in(o, unknown);
}

}  // namespace neli::stores::etcd
