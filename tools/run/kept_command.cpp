// SPDX-License-Identifier: BSL-1.0
#include "kept_command.hpp"

#include "argv.hpp"
#include "descendants.hpp"
#include "keeper.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

extern char** environ;

namespace neli::tools {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// Returns 0 or an errno.
int start_keeper(const kept_command::settings& s, int socket, pid_t& keeper) {
  // What it gets beside the standard descriptors: this program may have any number of them.
  constexpr int lifeline = 3;
  constexpr int given = 4;
  std::vector<std::string> words{"neli",       keeper_command,
                                 "--socket",   std::to_string(given),
                                 "--grace-ms", std::to_string(s.grace.count())};
  if (s.group) words.insert(words.end(), {"--enclosure", s.group->folder()});
  words.emplace_back("--");
  words.insert(words.end(), s.words.begin(), s.words.end());

  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  if (s.lifeline < 0)
    ::posix_spawn_file_actions_addclose(&files, lifeline);
  else
    ::posix_spawn_file_actions_adddup2(&files, s.lifeline, lifeline);
  ::posix_spawn_file_actions_adddup2(&files, socket, given);
  ::posix_spawn_file_actions_addclosefrom_np(&files, given + 1);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  // What stops or ends the process group of this program does not reach the keeper, and signals do
  // not end it, from its first moment on.
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  sigset_t all;
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &all);
  const int failed =
      ::posix_spawn(&keeper, "/proc/self/exe", &files, &attributes, argv_of(words).data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return failed;
}

}  // namespace

kept_command::kept_command(const asio::any_io_executor& on, const settings& s)
    : settings_{s}, socket_{on}, changed_{on}, due_{on} {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error{errno, std::generic_category(), "socketpair"};
  socket_.assign(ends[0]);
  // dup2 onto itself would leave the flag that closes it.
  const int above = ::fcntl(ends[1], F_DUPFD_CLOEXEC, 5);
  ::close(ends[1]);
  const int failed = start_keeper(s, above, keeper_);
  ::close(above);
  if (failed) throw std::system_error{failed, std::generic_category(), "starting the keeper"};
  read_reports();
}

template <class F>
auto kept_command::if_alive(F f) {
  return [alive = std::weak_ptr{alive_}, f](const boost::system::error_code& e) {
    if (!e && alive.lock()) f();
  };
}

void kept_command::start(std::uint64_t token, limits until) {
  started_ = true;
  send({.what = order::kind::start, .token = token, .until = until});
  set(until);
}

void kept_command::renew(limits until) {
  send({.what = order::kind::renew, .until = until});
  set(until);
}

void kept_command::stop(limits until) {
  send({.what = order::kind::stop, .until = until});
  set(until);
}

void kept_command::signal(int number) { send({.what = order::kind::signal, .signal = number}); }

/// A keeper that takes no orders keeps to the limits that it knows.
void kept_command::send(const order& o) {
  ::send(socket_.native_handle(), &o, sizeof o, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void kept_command::set(limits until) {
  until_ = until;
  obey_the_limits();
}

void kept_command::obey_the_limits() {
  if (outcome_ || keeper_ < 0) return;
  const auto left = until_.gone - clock::now();
  if (left <= 0ns) {
    ::kill(keeper_, SIGKILL);
    return;
  }
  due_.expires_after(left);
  due_.async_wait(if_alive([this] { obey_the_limits(); }));
}

void kept_command::read_reports() {
  report r{};
  ssize_t size = 0;
  while ((size = ::recv(socket_.native_handle(), &r, sizeof r, MSG_DONTWAIT)) == sizeof r) {
    if (r.what == report::kind::not_started) finish({outcome::kind::not_started, r.value});
    if (r.what == report::kind::ended) finish({outcome::kind::ended, r.value});
    if (r.what == report::kind::overdue) finish({outcome::kind::overdue, r.value});
  }
  // When the keeper ends, its orphans come to this process first, which is then told of it.
  if (size == 0 || outcome_) return;
  socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                     if_alive([this] { read_reports(); }));
}

void kept_command::child_ended(pid_t p) {
  if (p != keeper_ || outcome_) return;
  keeper_ = -1;
  const bool overdue = started_ && clock::now() >= until_.gone;
  socket_.cancel();
  read_reports();  // its last word may be there still
  if (outcome_) return;
  kill_what_is_left(overdue ? outcome{outcome::kind::overdue, SIGKILL}
                            : outcome{outcome::kind::lost});
}

void kept_command::kill_what_is_left(outcome then) {
  if (settings_.group) settings_.group->kill();
  const auto left = descendants(settings_.spared());
  for (const auto p : left) ::kill(p, SIGKILL);
  // One that was made while this looked may be missing, and they may start others meanwhile.
  empty_ = left.empty() ? empty_ + 1 : 0;
  if (empty_ == 2) return finish(then);
  due_.expires_after(2ms);
  due_.async_wait(if_alive([this, then] { kill_what_is_left(then); }));
}

void kept_command::finish(outcome o) {
  outcome_ = o;
  due_.cancel();
  changed_.cancel();
}

asio::awaitable<void> kept_command::wait(std::chrono::milliseconds at_most) {
  if (outcome_) co_return;
  changed_.expires_after(at_most);
  co_await changed_.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace neli::tools
