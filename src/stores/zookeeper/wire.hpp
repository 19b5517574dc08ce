// SPDX-License-Identifier: BSL-1.0
// How ZooKeeper writes numbers and texts: big-endian, a text behind its length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace neli::stores::zookeeper {

class writer {
 public:
  writer& number(std::int32_t);
  writer& big(std::int64_t);
  writer& flag(bool);
  writer& text(std::string_view);
  /// Without its length.
  writer& raw(std::string_view);

  /// What was written.
  std::string taken() { return std::move(out_); }
  /// The same, behind its length.
  std::string framed() const;

 private:
  std::string out_;
};

/// Throws ZooKeeper's MarshallingError when there is not what is asked for.
class reader {
 public:
  explicit reader(std::string_view in) : in_{in} {}

  std::int32_t number();
  std::int64_t big();
  /// A part of what was given. A text that is null is empty.
  std::string_view text();
  bool flag() { return bytes(1).front() != 0; }
  reader& skip(std::size_t bytes);

 private:
  std::string_view bytes(std::size_t);

  std::string_view in_;
};

/// The bytes before each frame.
constexpr std::size_t prefix_size = 4;
/// A server sends no more than its own limit, 1 MB unless changed.
constexpr std::size_t largest_frame = std::size_t{4} << 20;

/// How long the frame behind this prefix is. Throws if no server sends such a frame.
std::size_t frame_size(std::string_view prefix);

}  // namespace neli::stores::zookeeper
