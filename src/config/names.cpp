// SPDX-License-Identifier: BSL-1.0
#include "config/names.hpp"

#include "core/record.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace neli {

namespace {

/// FNV-1a: processes of different builds and machines have to agree on it.
std::string hash(const std::string& text) {
  std::uint32_t h = 2166136261u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  std::string hex;
  for (int shift = 28; shift >= 0; shift -= 4) hex += "0123456789abcdef"[h >> shift & 15u];
  return hex;
}

}  // namespace

std::string cut(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; };
  while (most > 0 && continues(text[most])) --most;
  return text.substr(0, most);
}

bool is_utf8(const std::string& text) {
  boost::system::error_code ec;
  boost::json::parse(boost::json::serialize(boost::json::string{text}), ec);
  return !ec;
}

bool is_plain(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string fitted(const std::string& name, const std::string& may_be, std::size_t most) {
  if (name == may_be && name.size() <= most) return name;
  const auto mark = std::string{"-"}.append(hash(name));
  return cut(may_be, most - mark.size()) + mark;
}

/// Without a hash, as fleets use this name already.
std::string derived_ledger(const std::string& program) {
  constexpr std::string_view ending = ".neli";
  auto name = program.substr(0, longest_plain_name - ending.size()).append(ending);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_plain(c); }, '_');
  return name;
}

namespace {

/// A part of a name for people.
std::string readable(const std::string& text, std::size_t most) {
  auto may_be = text;
  if (!is_utf8(text))
    std::replace_if(
        may_be.begin(), may_be.end(), [](char c) { return static_cast<unsigned char>(c) > 127; },
        '_');
  return fitted(text, may_be, most);
}

}  // namespace

std::string derived_name(const std::string& host, const std::string& program,
                         const std::string& process) {
  constexpr std::size_t of_a_part = 100;
  const auto where = host.empty() ? std::string{"host"} : host;
  auto whole = where + ":" + program + ":" + process;
  if (is_utf8(whole) && whole.size() <= core::largest_text) return whole;
  return readable(where, of_a_part) + ":" + readable(program, of_a_part) + ":" + process;
}

}  // namespace neli
