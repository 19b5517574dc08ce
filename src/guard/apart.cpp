// SPDX-License-Identifier: BSL-1.0
#include "guard/apart.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <system_error>

#ifdef __GLIBC__
// The same function by its other name. A program with the thread sanitizer has a `clone` of its
// own, which takes each for a fork and hangs where memory is shared.
extern "C" int neli_guards_clone(int (*)(void*), void* stack_top, int flags, void*,
                                 ...) __asm__("__clone");
#else
constexpr auto neli_guards_clone = ::clone;
#endif

namespace neli::guards {

namespace {

/// The signal that a child's end sends is in the lowest bits of its flags: none.
constexpr int like_vfork = CLONE_VM | CLONE_VFORK;

struct plan {
  int (*run)(void*) = nullptr;
  void* given = nullptr;
  char* stack_top = nullptr;
  int flags = 0;
  ::pid_t process = -1;
  int error = 0;
};

/// Ends at once: what it has started has no parent here then.
int become_parent(void* given) {
  auto& p = *static_cast<plan*>(given);
  p.process = neli_guards_clone(p.run, p.stack_top, CLONE_VM | p.flags, p.given);
  p.error = errno;
  ::_exit(0);
}

}  // namespace

::pid_t run_apart(int (*run)(void*), void* given, char* stack_top, int flags) {
  constexpr std::size_t stack_size = std::size_t{64} * 1024;
  const auto stack = std::make_unique<char[]>(stack_size);
  plan p{run, given, stack_top, flags};
  ::sigset_t all;
  ::sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto child = neli_guards_clone(become_parent, stack.get() + stack_size, like_vfork, &p);
  if (child < 0) p.error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (child > 0)
    while (::waitpid(child, nullptr, static_cast<int>(__WCLONE)) < 0 && errno == EINTR) {
    }
  if (p.process < 0) throw std::system_error{p.error, std::system_category(), "clone"};
  return p.process;
}

void close_from(int first) {
  if (::syscall(SYS_close_range, first, ~0U, 0) == 0) return;
  constexpr int most = 65'536;
  for (int fd = first; fd < most; ++fd) ::syscall(SYS_close, fd);
}

descriptor duplicate(int fd, int least) {
  descriptor made{::fcntl(fd, F_DUPFD_CLOEXEC, least)};
  if (!made) throw std::system_error{errno, std::system_category(), "fcntl"};
  return made;
}

}  // namespace neli::guards
