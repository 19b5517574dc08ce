// SPDX-License-Identifier: BSL-1.0
#include "guard/message.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace neli::guards {

namespace json = boost::json;

namespace {

constexpr int version = 1;

json::object with_term(std::string_view kind, const auto& m) {
  return {{"v", version}, {"kind", kind}, {"id", m.id}, {"role", m.role}, {"term", m.term}};
}

json::object to_json(const hello& m) {
  return {{"v", version},
          {"kind", "hello"},
          {"store", m.store},
          {"ledger", m.ledger},
          {"name", m.name},
          {"lease_ms", m.lease.count()},
          {"clock_drift", m.clock_drift},
          {"children", m.children}};
}
json::object to_json(const claimed& m) { return with_term("claimed", m); }
json::object to_json(const ended& m) { return with_term("ended", m); }
json::object to_json(const well&) { return {{"v", version}, {"kind", "well"}}; }
json::object to_json(const unwell& m) {
  return {{"v", version}, {"kind", "unwell"}, {"what", m.what}};
}

std::string text(const json::object& o, std::string_view key) {
  return json::value_to<std::string>(o.at(key));
}

core::token term_of(const json::object& o) { return o.at("term").to_number<core::token>(); }

std::optional<message> message_of(const json::object& o) {
  if (o.at("v").to_number<int>() != version) return std::nullopt;
  const auto kind = text(o, "kind");
  if (kind == "hello")
    return hello{text(o, "store"),
                 text(o, "ledger"),
                 text(o, "name"),
                 core::milliseconds{o.at("lease_ms").to_number<std::int64_t>()},
                 o.at("clock_drift").to_number<double>(),
                 o.at("children").as_bool()};
  if (kind == "claimed") return claimed{text(o, "id"), text(o, "role"), term_of(o)};
  if (kind == "ended") return ended{text(o, "id"), text(o, "role"), term_of(o)};
  if (kind == "well") return well{};
  if (kind == "unwell") return unwell{text(o, "what")};
  return std::nullopt;
}

std::optional<message> message_of(std::string_view line) {
  try {
    return message_of(json::parse(line).as_object());
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string encode(const messages& all) {
  std::string lines;
  for (const auto& m : all)
    lines += json::serialize(std::visit([](const auto& one) { return to_json(one); }, m)) + '\n';
  return lines;
}

messages decode(std::string_view lines) {
  messages all;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    if (auto m = message_of(lines.substr(0, end))) all.push_back(std::move(*m));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return all;
}

}  // namespace neli::guards
