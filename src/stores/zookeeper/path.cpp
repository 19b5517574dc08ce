// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/path.hpp"

#include <neli/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace neli::stores::zookeeper {

namespace {

constexpr std::size_t longest = 1000;

[[noreturn]] void refuse_ledger(const std::string& ledger, const std::string& rule) {
  throw config_error{"ledger", ledger, rule};
}

/// ZooKeeper looks at the 16 bit units of Java, so it refuses what takes two of them.
bool is_taken(std::uint32_t c) {
  return !(c <= 0x1f || (c >= 0x7f && c <= 0x9f) || (c >= 0xd800 && c <= 0xf8ff) || c >= 0xfff0);
}

/// How many bytes of UTF-8 the character has that begins so; none begins so: 0.
std::size_t length_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xf0 && first < 0xf5) return 4;
  return 0;
}

constexpr std::uint32_t no_character = 0xffffffff;

/// Takes the first character away.
std::uint32_t next(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const auto length = length_of(first);
  if (length == 0 || length > text.size()) return no_character;
  std::uint32_t c = length == 1 ? first : first & (0x7fu >> length);
  for (const char more : text.substr(1, length - 1)) {
    const auto bits = static_cast<unsigned char>(more);
    if ((bits & 0xc0u) != 0x80u) return no_character;
    c = (c << 6) | (bits & 0x3fu);
  }
  const bool shorter_would_do = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  text.remove_prefix(length);
  return shorter_would_do ? no_character : c;
}

void check_characters(const std::string& ledger) {
  for (std::string_view left{ledger}; !left.empty();) {
    const auto c = next(left);
    if (c == no_character) refuse_ledger(ledger, "must be valid UTF-8");
    if (!is_taken(c))
      refuse_ledger(ledger,
                    "must have neither control characters nor others that ZooKeeper refuses");
  }
}

void check_elements(const std::string& ledger, std::string_view path) {
  while (!path.empty()) {
    const auto end = path.find('/', 1);
    const auto element = path.substr(1, end == path.npos ? path.npos : end - 1);
    if (element.empty())
      refuse_ledger(ledger, "must have a name before, between and after all '/', except the first");
    if (element == "." || element == "..")
      refuse_ledger(ledger, "must not have '.' or '..' in its path");
    path = end == path.npos ? std::string_view{} : path.substr(end);
  }
}

}  // namespace

std::string node_path(const std::string& ledger) {
  if (ledger.empty() || ledger.size() > longest)
    refuse_ledger(ledger.substr(0, 80), "must be 1 to " + std::to_string(longest) + " bytes, is " +
                                            std::to_string(ledger.size()));
  auto path = ledger.front() == '/' ? ledger : "/" + ledger;
  check_characters(ledger);
  check_elements(ledger, path);
  if ((path + "/").starts_with("/zookeeper/"))
    refuse_ledger(ledger, "must not be in /zookeeper, which is ZooKeeper's own");
  return path;
}

std::string parent(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace neli::stores::zookeeper
