// SPDX-License-Identifier: BSL-1.0
// The one way in which librdkafka's threads reach the strand: they write to a descriptor.
#pragma once

#include "strand.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace neli::stores::kafka {

namespace asio = boost::asio;

class wakeup : public std::enable_shared_from_this<wakeup> {
 public:
  /// What a writer writes to `descriptor()`.
  static constexpr std::uint64_t token = 1;

  explicit wakeup(const strand&);

  /// Calls back on the strand whenever something was written, until stopped.
  void start(std::function<void()> on_wake);
  void stop();
  /// The descriptor to write to, from any thread.
  int descriptor() const { return writer_; }
  void wake() const;

  ~wakeup();

 private:
  void wait();

  asio::posix::stream_descriptor reader_;
  int writer_ = -1;
  std::array<std::byte, 256> scratch_{};
  std::function<void()> on_wake_;
  bool stopped_ = false;
};

}  // namespace neli::stores::kafka
