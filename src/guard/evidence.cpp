// SPDX-License-Identifier: BSL-1.0
#include "guard/evidence.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <mutex>
#include <system_error>

namespace neli::guards {

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::system_category(), what};
}

/// The pipe's other end is nobody's: it is closed when the last of those who hold it has ended.
std::unique_ptr<evidence> make() {
  auto made = std::make_unique<evidence>();
  made->pidfd = descriptor{static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0))};
  if (!made->pidfd) fail("pidfd_open");
  int ends[2];
  if (::pipe2(ends, O_NONBLOCK) != 0) fail("pipe2");
  made->pipe = descriptor{ends[0]};
  ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  return made;
}

}  // namespace

const evidence& evidence_of_this_process() {
  static std::mutex mutex;
  static ::pid_t of = 0;
  static evidence* mine = nullptr;  // never destroyed: threads may outlive static objects
  const std::lock_guard lock{mutex};
  if (of != ::getpid()) {
    mine = make().release();
    of = ::getpid();
  }
  return *mine;
}

}  // namespace neli::guards
