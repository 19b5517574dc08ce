// SPDX-License-Identifier: BSL-1.0
// As `posix_spawn` does it, the new process shares this one's memory until it runs its program. So
// nothing that it calls may need a lock or memory; and it asks the kernel itself, as wrappers (a
// sanitizer's, for instance) may note in that memory what is not so for this process.
#include "guard/process.hpp"

#include "guard/descriptor.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
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

constexpr std::size_t stack_size = std::size_t{256} * 1024;
/// The parent waits until the child runs another program or has ended. The signal that a child's
/// end sends is in the lowest bits: none.
constexpr int like_vfork = CLONE_VM | CLONE_VFORK;

struct plan {
  char* const* words = nullptr;
  int socket = -1;
  int nothing = -1;  ///< /dev/null
  char* second_stack_top = nullptr;
  int error = 0;
};

void close_from(int first) {
  if (::syscall(SYS_close_range, first, ~0U, 0) == 0) return;
  constexpr int most = 65'536;
  for (int fd = first; fd < most; ++fd) ::syscall(SYS_close, fd);
}

/// What a program ignores is ignored by the program that it becomes. So the new one ignores these
/// from its first instruction on, and of the others none that the old one does.
void outlive_signals() {
  // Larger than the kernel's structure, which begins with the action; zeros mean: as usual.
  constexpr std::array<std::uint64_t, 16> as_usual{};
  constexpr std::array<std::uint64_t, 16> ignored{1};  // SIG_IGN
  constexpr std::uint64_t none = 0;
  for (int s = 1; s < NSIG; ++s)
    ::syscall(SYS_rt_sigaction, s, as_usual.data(), nullptr, sizeof none);
  for (const int s : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE})
    ::syscall(SYS_rt_sigaction, s, ignored.data(), nullptr, sizeof none);
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none);
}

int become_program(void* given) {
  auto& p = *static_cast<plan*>(given);
  ::syscall(SYS_setsid);
  for (int fd = 0; fd < socket_of_guard; ++fd) ::syscall(SYS_dup3, p.nothing, fd, 0);
  ::syscall(SYS_dup3, p.socket, socket_of_guard, 0);
  close_from(socket_of_guard + 1);
  outlive_signals();
  ::execvp(p.words[0], p.words);
  p.error = errno;
  ::_exit(127);
}

/// Ends as soon as the program runs, which then has no parent here.
int become_parent(void* given) {
  auto& p = *static_cast<plan*>(given);
  if (neli_guards_clone(become_program, p.second_stack_top, like_vfork, given) < 0) p.error = errno;
  ::_exit(0);
}

/// A descriptor that no dup2 overwrites.
descriptor above(int fd) {
  descriptor moved{::fcntl(fd, F_DUPFD_CLOEXEC, socket_of_guard + 1)};
  if (!moved) throw std::system_error{errno, std::system_category(), "fcntl"};
  return moved;
}

}  // namespace

void start_apart(const std::vector<std::string>& command, int socket) {
  const auto theirs = above(socket);
  const descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  if (!null) throw std::system_error{errno, std::system_category(), "/dev/null"};
  const auto nothing = above(null.get());

  std::vector<std::string> words{command};
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  const auto stacks = std::make_unique<std::byte[]>(2 * stack_size);
  const auto top = [&](std::size_t n) {
    return reinterpret_cast<char*>(stacks.get()) + n * stack_size;
  };
  plan p{argv.data(), theirs.get(), nothing.get(), top(2)};

  ::sigset_t all;
  ::sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto child = neli_guards_clone(become_parent, top(1), like_vfork, &p);
  if (child < 0) p.error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (child > 0)
    while (::waitpid(child, nullptr, static_cast<int>(__WCLONE)) < 0 && errno == EINTR) {
    }
  if (p.error != 0) throw std::system_error{p.error, std::system_category(), command[0]};
}

}  // namespace neli::guards
