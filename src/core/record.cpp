// SPDX-License-Identifier: BSL-1.0
#include "core/record.hpp"

#include <boost/json.hpp>

namespace neli::core {

namespace json = boost::json;

namespace {

using cause = unreadable::cause;

// --- writing ---

void put(json::object& to, const author& by) {
  to["id"] = by.id;
  to["name"] = by.name;
  to["metadata"] = by.metadata;
  to["lease_ms"] = by.lease.count();
}

void put_basis(json::object& to, offset based_on, fingerprint seen) {
  to["based_on"] = based_on;
  if (seen != 0) to["seen"] = seen;
}

json::object envelope(std::string_view kind) { return {{"v", record_version}, {"kind", kind}}; }

json::object to_json(const claim& c) {
  auto o = envelope("claim");
  o["role"] = c.role;
  put(o, c.by);
  o["term"] = c.term;
  put_basis(o, c.based_on, c.seen);
  return o;
}

json::object to_json(const heartbeat& h) {
  auto o = envelope("heartbeat");
  put(o, h.by);
  o["seq"] = h.seq;
  put_basis(o, h.based_on, h.seen);
  auto& terms = o["terms"].emplace_object();
  json::object waits;
  for (const auto& e : h.terms) {
    terms[e.role] = e.term;
    if (e.wait.count() > 0) waits[e.role] = e.wait.count();
  }
  if (!waits.empty()) o["wait_ms"] = std::move(waits);
  if (!h.open.empty()) o["open"] = json::array(h.open.begin(), h.open.end());
  return o;
}

json::object to_json(const release& r) {
  auto o = envelope("release");
  o["role"] = r.role;
  o["id"] = r.id;
  o["term"] = r.term;
  put_basis(o, r.based_on, r.seen);
  if (r.wait.count() > 0) o["wait_ms"] = r.wait.count();
  return o;
}

// --- reading: every member is checked, so that no malformed value gets further than this file ---

struct malformed {
  std::string detail;
};

const json::value& member(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (!v) throw malformed{"no member '" + std::string{key} + "'"};
  return *v;
}

std::string text(const json::value& v, std::string_view key, std::size_t shortest,
                 std::size_t longest) {
  const auto* s = v.if_string();
  if (!s || s->size() < shortest || s->size() > longest)
    throw malformed{"'" + std::string{key} + "' is no text of " + std::to_string(shortest) +
                    " to " + std::to_string(longest) + " bytes"};
  return std::string{*s};
}

std::string text(const json::object& o, std::string_view key, std::size_t shortest,
                 std::size_t longest) {
  return text(member(o, key), key, shortest, longest);
}

std::int64_t number(const json::value& v, std::string_view key, std::int64_t least,
                    std::int64_t most) {
  boost::system::error_code ec;
  const auto n = v.is_number() ? v.to_number<std::int64_t>(ec) : 0;
  if (!v.is_number() || ec || n < least || n > most)
    throw malformed{"'" + std::string{key} + "' is no whole number from " + std::to_string(least) +
                    " to " + std::to_string(most)};
  return n;
}

constexpr auto any = std::numeric_limits<std::int64_t>::max();

token term_of(const json::value& v) {
  return static_cast<token>(number(v, "term", 1, static_cast<std::int64_t>(largest_term)));
}

offset based_on(const json::object& o) {
  return number(member(o, "based_on"), "based_on", before_first, any);
}

/// Absent is not told.
fingerprint seen(const json::object& o) {
  const auto* v = o.if_contains("seen");
  constexpr auto most = static_cast<std::int64_t>(largest_fingerprint);
  return v ? static_cast<fingerprint>(number(*v, "seen", 0, most)) : 0;
}

/// Absent is none.
milliseconds wait_of(const json::value* v) {
  return milliseconds{v ? number(*v, "wait_ms", 0, longest_wait.count()) : 0};
}

author author_of(const json::object& o) {
  return {text(o, "id", 1, largest_text), text(o, "name", 0, largest_text),
          text(o, "metadata", 0, largest_metadata),
          milliseconds{number(member(o, "lease_ms"), "lease_ms", 1, longest_lease.count())}};
}

/// Absent is none.
std::vector<std::string> open_roles(const json::value* v) {
  std::vector<std::string> roles;
  if (!v) return roles;
  if (!v->is_array()) throw malformed{"'open' is no array"};
  for (const auto& role : v->get_array()) roles.push_back(text(role, "open", 1, largest_text));
  return roles;
}

record claim_from(const json::object& o) {
  return claim{text(o, "role", 1, largest_text), author_of(o), term_of(member(o, "term")),
               based_on(o), seen(o)};
}

record heartbeat_from(const json::object& o) {
  heartbeat h{author_of(o),
              static_cast<std::uint64_t>(number(member(o, "seq"), "seq", 0, any)),
              based_on(o),
              {},
              open_roles(o.if_contains("open")),
              seen(o)};
  const auto* terms = member(o, "terms").if_object();
  if (!terms) throw malformed{"'terms' is no object"};
  const json::object none;
  const auto* waits = o.contains("wait_ms") ? member(o, "wait_ms").if_object() : &none;
  if (!waits) throw malformed{"'wait_ms' is no object"};
  for (const auto& [role, term] : *terms) {
    if (role.empty() || role.size() > largest_text)
      throw malformed{"a role in 'terms' is no text of 1 to 255 bytes"};
    h.terms.push_back({std::string{role}, term_of(term), wait_of(waits->if_contains(role))});
  }
  return h;
}

record release_from(const json::object& o) {
  return release{text(o, "role", 1, largest_text),  text(o, "id", 1, largest_text),
                 term_of(member(o, "term")),        based_on(o),
                 wait_of(o.if_contains("wait_ms")), seen(o)};
}

}  // namespace

// FNV-1a, folded into what every JSON reader keeps exactly.
fingerprint fingerprint_of(std::string_view value, stamp taken) {
  constexpr std::uint64_t prime = 0x100000001b3;
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : value) hash = (hash ^ static_cast<unsigned char>(c)) * prime;
  for (int i = 0; i < 8; ++i, taken >>= 8) hash = (hash ^ (taken & 0xff)) * prime;
  const auto folded = (hash ^ (hash >> 53)) & largest_fingerprint;
  return folded == 0 ? 1 : folded;
}

std::string encode(const record& r) {
  return json::serialize(std::visit([](const auto& one) { return to_json(one); }, r));
}

std::variant<record, unreadable> decode(std::string_view value) {
  if (value.size() > largest_record)
    return unreadable{cause::too_large, std::to_string(value.size()) + " bytes"};
  boost::system::error_code ec;
  const auto parsed = json::parse(value, ec);
  if (ec) return unreadable{cause::malformed, ec.message()};
  const auto* o = parsed.if_object();
  if (!o) return unreadable{cause::malformed, "no JSON object"};
  try {
    if (number(member(*o, "v"), "v", 0, any) != record_version)
      return unreadable{cause::unknown_version, json::serialize(member(*o, "v"))};
    const auto kind = text(*o, "kind", 0, largest_text);
    if (kind == "claim") return claim_from(*o);
    if (kind == "heartbeat") return heartbeat_from(*o);
    if (kind == "release") return release_from(*o);
    return unreadable{cause::unknown_kind, kind};
  } catch (const malformed& m) {
    return unreadable{cause::malformed, m.detail};
  }
}

}  // namespace neli::core
