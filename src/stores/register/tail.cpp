// SPDX-License-Identifier: BSL-1.0
#include "stores/register/tail.hpp"

#include "stores/register/compression.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace neli::stores::registers {

bool tail::has(std::uint64_t author, std::uint64_t number) const {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const entry& e) { return e.author == author && e.number == number; });
}

relation compare(const tail& read, const tail& now) {
  if (read.log == 0) return now.log == 0 ? relation::same : relation::further;
  if (now.log != read.log) return relation::other_log;
  const auto last = std::min(read.end(), now.end()) - 1;
  if (read.has(last) && now.has(last) && read.at(last) != now.at(last)) return relation::contrary;
  if (now.end() == read.end()) return relation::same;
  return now.end() > read.end() ? relation::further : relation::behind;
}

namespace {

// --- the form of a value ---
//
// "neli", the number of the form, and then, little-endian, the size of the rest before compression
// and its checksum, 4 bytes each; and the rest, compressed: log, first and count; and for each
// entry author, number, taken, size and bytes. Those numbers have 8 bytes, as compression makes
// them short.

constexpr std::string_view magic = "neli";
constexpr char form = 1;
constexpr std::size_t header_size = magic.size() + 1 + 4 + 4;
constexpr std::size_t entry_size = std::size_t{4} * 8;  // without its bytes
constexpr auto largest_offset = core::offset{1} << 53;

void put(std::string& out, std::uint64_t n, unsigned bytes = 8) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(n >> (8 * i) & 0xff);
}

class reader {
 public:
  explicit reader(std::string_view in) : in_{in} {}

  std::uint64_t number(unsigned bytes = 8) {
    const auto raw = text(bytes);
    std::uint64_t n = 0;
    for (unsigned i = 0; i < bytes; ++i)
      n |= std::uint64_t{static_cast<unsigned char>(raw[i])} << (8 * i);
    return n;
  }
  std::string_view text(std::uint64_t bytes) {
    if (bytes > in_.size()) throw not_a_tail{"it ends in the midst of a record"};
    const auto found = in_.substr(0, bytes);
    in_.remove_prefix(bytes);
    return found;
  }
  std::size_t left() const { return in_.size(); }

 private:
  std::string_view in_;
};

std::uint64_t checksum(std::string_view s) {
  boost::crc_32_type crc;
  crc.process_bytes(s.data(), s.size());
  return crc.checksum();
}

std::string beginning_of(std::string_view in) {
  constexpr std::size_t most = 32;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : in.substr(0, most)) {
    const auto u = static_cast<unsigned char>(c);
    if (c >= ' ' && c <= '~')
      out += c;
    else
      out += {'\\', 'x', digits[u >> 4], digits[u & 0xf]};
  }
  return "'" + out + "'" + (in.size() > most ? "..." : "");
}

std::string body_of(const tail& t) {
  std::string body;
  put(body, t.log);
  put(body, static_cast<std::uint64_t>(t.first));
  put(body, t.entries.size());
  for (const auto& e : t.entries) {
    put(body, e.author);
    put(body, e.number);
    put(body, e.taken);
    put(body, e.value.size());
    body += e.value;
  }
  return body;
}

entry next_entry(reader& in) {
  entry e;
  e.author = in.number();
  e.number = in.number();
  e.taken = in.number();
  if (e.taken > core::latest_stamp) throw not_a_tail{"a record has an impossible time"};
  e.value = in.text(in.number());
  return e;
}

tail parsed(std::string_view body) {
  reader in{body};
  tail t;
  t.log = in.number();
  const auto first = in.number();
  const auto count = in.number();
  if (t.log == 0 || first > static_cast<std::uint64_t>(largest_offset) ||
      count > in.left() / entry_size)
    throw not_a_tail{"its numbers are impossible"};
  t.first = static_cast<core::offset>(first);
  for (auto n = count; n > 0; --n) t.entries.push_back(next_entry(in));
  if (in.left() > 0) throw not_a_tail{"there is something after its last record"};
  return t;
}

}  // namespace

std::size_t size_of(const tail& t) {
  std::size_t size = std::size_t{3} * 8;
  for (const auto& e : t.entries) size += entry_size + e.value.size();
  return size;
}

std::string encode(const tail& t) {
  const auto body = body_of(t);
  std::string out{magic};
  out += form;
  put(out, body.size(), 4);
  put(out, checksum(body), 4);
  return out + compressed(body);
}

tail decode(std::string_view in) {
  if (in.empty()) return {};
  if (in.substr(0, magic.size()) != magic)
    throw not_a_tail{"it is not neli's: it begins with " + beginning_of(in)};
  if (in.size() < header_size) throw not_a_tail{"it is cut off"};
  if (in[magic.size()] != form)
    throw not_a_tail{"it was written by another version of neli, in form " +
                     std::to_string(static_cast<unsigned char>(in[magic.size()]))};
  reader header{in.substr(magic.size() + 1)};
  const auto size = header.number(4);
  const auto sum = header.number(4);
  if (size > largest_tail) throw not_a_tail{"it claims to hold " + std::to_string(size) + " bytes"};
  const auto body = expanded(in.substr(header_size), size);
  if (!body || checksum(*body) != sum) throw not_a_tail{"it is damaged"};
  return parsed(*body);
}

}  // namespace neli::stores::registers
