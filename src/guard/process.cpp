// SPDX-License-Identifier: BSL-1.0
#include "guard/process.hpp"

#include "guard/apart.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <system_error>

namespace neli::guards {

namespace {

struct plan {
  char* const* words = nullptr;
  int socket = -1;
  int nothing = -1;  ///< /dev/null
  int error = 0;
};

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

}  // namespace

void start_apart(const std::vector<std::string>& command, int socket) {
  constexpr std::size_t stack_size = std::size_t{256} * 1024;
  const auto theirs = duplicate(socket, socket_of_guard + 1);
  const descriptor null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  if (!null) throw std::system_error{errno, std::system_category(), "/dev/null"};
  const auto nothing = duplicate(null.get(), socket_of_guard + 1);

  std::vector<std::string> words{command};
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  const auto stack = std::make_unique<char[]>(stack_size);
  plan p{argv.data(), theirs.get(), nothing.get()};
  run_apart(become_program, &p, stack.get() + stack_size, CLONE_VFORK);
  if (p.error != 0) throw std::system_error{p.error, std::system_category(), command[0]};
}

}  // namespace neli::guards
