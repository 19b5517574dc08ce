// SPDX-License-Identifier: BSL-1.0
#include "guard/memory.hpp"

#include "guard/apart.hpp"
#include "guard/evidence.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <mutex>
#include <system_error>

// What a sanitizer would add to a function runs as if it were a thread of this process.
#ifdef __clang__
#define NELI_UNWATCHED __attribute__((disable_sanitizer_instrumentation))
#else
#define NELI_UNWATCHED __attribute__((no_sanitize("address", "thread", "undefined")))
#endif

namespace neli::guards {

namespace {

/// Freeing the memory must not hold up those who see to the next leader.
constexpr int niceness = 10;

struct holder {
  int pidfd = -1;  ///< readable when the process has ended
  int pipe = -1;   ///< at its end when it runs another program, in which the other end is closed
  ::pid_t process = -1;
  ::pollfd awaited[2] = {{0, POLLIN, 0}, {1, POLLIN, 0}};
  char stack[16 * 1024] = {};
};

/// It has the thread-local memory of the thread that started it, which goes on: so it calls nothing
/// that may set errno there, that is, nothing that may fail. (`syscall` itself has been called, and
/// so been found by the linker, when the evidence was made.)
NELI_UNWATCHED int hold(void* given) {
  auto& h = *static_cast<holder*>(given);
  ::syscall(SYS_setsid);
  ::syscall(SYS_chdir, "/");
  ::syscall(SYS_prctl, PR_SET_NAME, "neli-memory", 0, 0, 0);
  ::syscall(SYS_dup3, h.pidfd, 0, 0);
  ::syscall(SYS_dup3, h.pipe, 1, 0);
  ::syscall(SYS_close_range, 2, ~0U, 0);
  ::syscall(SYS_setpriority, PRIO_PROCESS, 0, niceness);
  ::syscall(SYS_ppoll, h.awaited, 2, nullptr, nullptr, 0);
  ::syscall(SYS_exit_group, 0);
  return 0;
}

/// It stays for as long as this process lives, and so does this process's end of the pipe.
holder* start() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::system_error{errno, std::system_category(), "pipe2"};
  const descriptor reader{ends[0]};
  descriptor writer{ends[1]};
  constexpr int above = 2;  // its own descriptors come there
  const auto pidfd = duplicate(evidence_of_this_process().pidfd.get(), above);
  const auto pipe = duplicate(reader.get(), above);
  auto h = std::make_unique<holder>();
  h->pidfd = pidfd.get();
  h->pipe = pipe.get();
  h->process = run_apart(hold, h.get(), h->stack + sizeof h->stack, 0);
  writer.release();
  return h.release();
}

}  // namespace

::pid_t free_memory_later() {
  static std::mutex mutex;
  static ::pid_t of = 0;
  static const holder* its = nullptr;
  const std::lock_guard lock{mutex};
  if (of != ::getpid()) {
    its = start();
    of = ::getpid();
  }
  return its->process;
}

}  // namespace neli::guards
