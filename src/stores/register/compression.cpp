// SPDX-License-Identifier: BSL-1.0
// Beast's implementation of deflate has headers only, so that neli needs no further library for it.
// It is used as Beast's WebSocket does: the end of the data is flushed, and the stream is not
// ended, as `Flush::finish` of Boost 1.81 at times leaves out the last byte. So the end of the data
// is known by its size.
#include "stores/register/compression.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>

#include <algorithm>

namespace neli::stores::registers {

namespace zlib = boost::beast::zlib;

std::string compressed(std::string_view in) {
  constexpr std::size_t flush = 16;  // more than what a flush adds
  zlib::deflate_stream stream;
  std::string out(stream.upper_bound(in.size()) + flush, '\0');
  zlib::z_params p;
  p.next_in = in.data();
  p.avail_in = in.size();
  p.next_out = out.data();
  p.avail_out = out.size();
  boost::system::error_code none;
  stream.write(p, zlib::Flush::sync, none);
  out.resize(p.total_out);
  return out;
}

std::optional<std::string> expanded(std::string_view in, std::size_t size) {
  constexpr std::size_t at_a_time = std::size_t{64} * 1024;
  zlib::inflate_stream stream;
  std::string out;
  zlib::z_params p;
  p.next_in = in.data();
  p.avail_in = in.size();
  for (boost::system::error_code end; !end;) {
    // One more than there should be, to find out whether there is more.
    const auto before = out.size();
    const auto room = std::min(at_a_time, size + 1 - before);
    out.resize(before + room);
    p.next_out = out.data() + before;
    p.avail_out = room;
    stream.write(p, zlib::Flush::sync, end);
    out.resize(before + room - p.avail_out);
    if (out.size() > size) return std::nullopt;
    if (out.size() == before) break;
  }
  if (out.size() != size || p.avail_in != 0) return std::nullopt;
  return out;
}

}  // namespace neli::stores::registers
