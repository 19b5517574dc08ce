// SPDX-License-Identifier: BSL-1.0
// Knows that a process is dead, from the kernel and nothing else.
#pragma once

#include "guard/evidence.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <optional>

namespace neli::guards {

namespace asio = boost::asio;

/// What is enough. Anything but `both` is for processes whose children do nothing for them, and
/// for tests that show what it is worth.
enum class sufficient {
  both,        ///< the process has ended, and all its children have
  pidfd,       ///< the process has ended
  end_of_file  ///< nobody holds the pipe's other end
};

/// None of these is proof: a connection that is closed, silence, a number that is free, an entry of
/// /proc that is gone. A process that is stopped, or waits in the kernel, or runs another program,
/// or whose first thread has ended, is not dead.
class proof_of_death {
 public:
  /// Calls `dead` once. Destroying it from within is allowed. Throws `std::system_error` for
  /// evidence that is none.
  proof_of_death(const asio::any_io_executor&, evidence, sufficient, std::function<void()> dead);

 private:
  void look();
  bool has_ended();
  bool is_at_end();

  const sufficient what_;
  asio::posix::stream_descriptor pidfd_;
  std::optional<asio::posix::stream_descriptor> pipe_;
  std::function<void()> dead_;
};

}  // namespace neli::guards
