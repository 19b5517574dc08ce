// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/version.hpp"

#include "stores/zookeeper/errors.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <random>
#include <system_error>

namespace neli::stores::zookeeper {

namespace {

constexpr std::string_view before = "neli:";
constexpr std::string_view after = "\n";
constexpr std::size_t mark_size = 16;
constexpr std::string_view digits = "0123456789abcdef";

/// Before the transaction that created a node without a mark.
constexpr char unmarked = '@';

bool is_mark(std::string_view text) {
  return text.size() == mark_size && text.find_first_not_of(digits) == text.npos;
}

[[noreturn]] void fail_at(const std::string& text) {
  fail(code::marshalling, "'" + text + "', which is no version");
}

template <class Number>
Number parse_number(std::string_view part, const std::string& whole) {
  Number n{};
  const auto [end, wrong] = std::from_chars(part.data(), part.data() + part.size(), n);
  if (wrong != std::errc{} || end != part.data() + part.size()) fail_at(whole);
  return n;
}

}  // namespace

std::string to_string(const version& v) {
  const auto of = v.mark.empty() ? unmarked + std::to_string(v.created) : v.mark;
  return of + "." + std::to_string(v.count);
}

version parse_version(const std::string& text) {
  const std::string_view all{text};
  const auto dot = all.find('.');
  if (dot == all.npos) fail_at(text);
  const auto of = all.substr(0, dot);
  version v;
  v.count = parse_number<std::int32_t>(all.substr(dot + 1), text);
  if (is_mark(of))
    v.mark = of;
  else if (of.starts_with(unmarked))
    v.created = parse_number<std::int64_t>(of.substr(1), text);
  else
    fail_at(text);
  return v;
}

std::string new_mark() {
  std::random_device source;
  std::string mark;
  while (mark.size() < mark_size) mark += digits[source() % digits.size()];
  return mark;
}

std::string marked(const std::string& mark, const std::string& bytes) {
  return std::string{before}.append(mark).append(after).append(bytes);
}

value read_value(const content& c) {
  constexpr auto size = before.size() + mark_size + after.size();
  const auto head = c.bytes.substr(0, size);
  const auto mark = head.size() == size ? head.substr(before.size(), mark_size) : head;
  if (is_mark(mark) && head.starts_with(before) && head.ends_with(after))
    return {version{std::string{mark}, 0, c.version}, c.bytes.substr(size)};
  return {version{{}, c.created, c.version}, c.bytes};
}

}  // namespace neli::stores::zookeeper
