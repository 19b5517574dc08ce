// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/wire.hpp"

#include "stores/zookeeper/errors.hpp"

#include <limits>

namespace neli::stores::zookeeper {

namespace {

template <class Unsigned>
void append(std::string& out, Unsigned n) {
  for (int shift = std::numeric_limits<Unsigned>::digits - 8; shift >= 0; shift -= 8)
    out += static_cast<char>(static_cast<unsigned char>(n >> shift));
}

template <class Unsigned>
Unsigned parsed(std::string_view bytes) {
  Unsigned n = 0;
  for (const char c : bytes) n = (n << 8) | static_cast<unsigned char>(c);
  return n;
}

}  // namespace

writer& writer::number(std::int32_t n) {
  append(out_, static_cast<std::uint32_t>(n));
  return *this;
}

writer& writer::big(std::int64_t n) {
  append(out_, static_cast<std::uint64_t>(n));
  return *this;
}

writer& writer::flag(bool b) {
  out_ += static_cast<char>(b);
  return *this;
}

writer& writer::text(std::string_view s) {
  return number(static_cast<std::int32_t>(s.size())).raw(s);
}

writer& writer::raw(std::string_view s) {
  out_ += s;
  return *this;
}

std::string writer::framed() const {
  writer whole;
  whole.out_.reserve(prefix_size + out_.size());
  return whole.text(out_).taken();
}

std::int32_t reader::number() {
  return static_cast<std::int32_t>(parsed<std::uint32_t>(bytes(sizeof(std::int32_t))));
}

std::int64_t reader::big() {
  return static_cast<std::int64_t>(parsed<std::uint64_t>(bytes(sizeof(std::int64_t))));
}

std::string_view reader::text() {
  const auto size = number();
  if (size == -1) return {};
  if (size < 0) fail(code::marshalling, "a text of negative length");
  return bytes(static_cast<std::size_t>(size));
}

reader& reader::skip(std::size_t n) {
  bytes(n);
  return *this;
}

std::string_view reader::bytes(std::size_t n) {
  if (in_.size() < n) fail(code::marshalling, "an answer that is cut off");
  const auto taken = in_.substr(0, n);
  in_.remove_prefix(n);
  return taken;
}

std::size_t frame_size(std::string_view prefix) {
  const auto size = reader{prefix}.number();
  if (size < 0 || static_cast<std::size_t>(size) > largest_frame)
    fail(code::marshalling, "a frame of " + std::to_string(size) + " bytes");
  return static_cast<std::size_t>(size);
}

}  // namespace neli::stores::zookeeper
