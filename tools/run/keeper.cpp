// SPDX-License-Identifier: BSL-1.0
// One thread, no library but the system's: it has to work when all else fails.
#include "keeper.hpp"

#include "argv.hpp"
#include "descendants.hpp"
#include "enclosure.hpp"
#include "orders.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace neli::tools {

namespace {

using namespace std::chrono_literals;

struct keeper_options {
  int socket = -1;
  int grace_ms = 0;
  std::string enclosure;
  std::vector<std::string> command;
};

[[noreturn]] void give_up(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

/// Sends this process SIGCONT, so that it goes on even if it is stopped. (It does not kill it:
/// after the whole machine has stood still, a keeper that is well still has its work to do.)
class alarm_clock {
 public:
  alarm_clock() {
    sigevent e{};
    e.sigev_notify = SIGEV_SIGNAL;
    e.sigev_signo = SIGCONT;
    if (::timer_create(CLOCK_BOOTTIME, &e, &timer_) != 0) give_up("timer_create");
  }
  alarm_clock(const alarm_clock&) = delete;
  alarm_clock& operator=(const alarm_clock&) = delete;
  ~alarm_clock() { ::timer_delete(timer_); }
  void set(clock::time_point t) const {
    const auto since = std::max(t.time_since_epoch(), clock::duration{1});  // zero would disarm
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(since);
    const itimerspec when{
        .it_interval = {},
        .it_value = {.tv_sec = whole.count(), .tv_nsec = (since - whole).count()}};
    ::timer_settime(timer_, TIMER_ABSTIME, &when, nullptr);
  }

 private:
  timer_t timer_{};
};

class keeper {
 public:
  explicit keeper(keeper_options o) : options_{std::move(o)} {
    if (!options_.enclosure.empty()) enclosure_.emplace(options_.enclosure);
    if (!adopt_orphans()) give_up("PR_SET_CHILD_SUBREAPER");
    // All signals are blocked since before this program ran: they are for `neli run`, which passes
    // them on; and when it stops, this goes on.
    sigset_t awaited;
    ::sigemptyset(&awaited);
    ::sigaddset(&awaited, SIGCHLD);
    ::sigaddset(&awaited, SIGCONT);
    signals_ = ::signalfd(-1, &awaited, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals_ < 0) give_up("signalfd");
    ::fcntl(options_.socket, F_SETFD, FD_CLOEXEC);
  }

  int run() {
    while (!done_) {
      set_alarm();
      std::array<pollfd, 2> ready{
          {{alone_ ? -1 : options_.socket, POLLIN, 0}, {signals_, POLLIN, 0}}};
      ::poll(ready.data(), ready.size(), -1);
      drain(signals_);
      // All of them: after a stop, the last one tells how long the lease lasts.
      while (!alone_ && obey()) {
      }
      reap();
      act_by_the_clock();
    }
    return EXIT_SUCCESS;
  }

 private:
  static void drain(int fd) {
    std::array<char, 512> ignored{};
    while (::read(fd, ignored.data(), ignored.size()) > 0) {
    }
  }

  void tell(report r) const { ::send(options_.socket, &r, sizeof r, MSG_NOSIGNAL); }

  /// False: there is no order.
  bool obey() {
    order o{};
    const auto size = ::recv(options_.socket, &o, sizeof o, MSG_DONTWAIT);
    if (size < 0) return false;
    if (size != sizeof o) {  // `neli run` is gone
      alone_ = true;
      if (!command_) done_ = true;
      stop();
      return true;
    }
    switch (o.what) {
      case order::kind::start:
        set(o.until);
        start(o.token);
        break;
      case order::kind::renew: set(o.until); break;
      case order::kind::stop:
        set(o.until);
        stop();
        break;
      case order::kind::signal:
        if (command_ && !status_) ::kill(-*command_, o.signal);
        break;
    }
    return true;
  }

  void set(limits l) {
    if (stopping_) l.kill = std::min(l.kill, until_.kill);
    until_ = l;
    last_call_.set(l.gone);
  }

  void start(std::uint64_t token) {
    ::setenv("NELI_TOKEN", std::to_string(token).c_str(), 1);
    const auto words = argv_of(options_.command);
    std::array<int, 2> failure{};
    if (::pipe2(failure.data(), O_CLOEXEC) != 0) return not_started(errno);
    const auto self = ::getpid();
    const auto child = ::fork();
    if (child == 0) {
      become(words.data(), self);
      const int why = errno;
      if (::write(failure[1], &why, sizeof why) < 0) {
      }
      ::_exit(127);
    }
    const int forked = errno;
    ::close(failure[1]);
    int why = 0;
    const bool failed = ::read(failure[0], &why, sizeof why) > 0;
    ::close(failure[0]);
    if (child < 0) return not_started(forked);
    if (failed) return not_started(why);
    ::setpgid(child, child);  // as the child does: whichever comes first
    command_ = child;
    tell({report::kind::started});
  }

  void not_started(int why) {
    tell({report::kind::not_started, why});
    done_ = true;
  }

  /// In the child. Returns if it fails.
  void become(char* const* words, pid_t parent) const {
    // Should the keeper be killed, and `neli run` with it, at least the command itself is as well.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::setpgid(0, 0);  // so that signals reach all processes of a shell's
    if (enclosure_) enclosure_->enter();
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execvp(words[0], words);
  }

  void stop() {
    const auto killed = clock::now() + std::chrono::milliseconds{options_.grace_ms};
    until_.kill = std::min(until_.kill, killed);
    if (stopping_ || !command_) return;
    stopping_ = true;
    // The command sees to its own; if it has ended already, its own have to be told.
    if (!status_)
      ::kill(-*command_, SIGTERM);
    else
      signal_descendants(SIGTERM);
  }

  void reap() {
    int status = 0;
    pid_t p = 0;
    while ((p = ::waitpid(-1, &status, WNOHANG)) > 0)
      if (p == command_) status_ = status;
    if (!command_ || !status_) return;
    const bool none_left = p < 0 && errno == ECHILD;
    if (!none_left) return stop();  // what outlives the command
    if (alone_ && enclosure_) enclosure_->remove();
    tell({overdue_ ? report::kind::overdue : report::kind::ended, *status_});
    done_ = true;
  }

  void act_by_the_clock() {
    if (!command_ || done_) return;
    const auto now = clock::now();
    if (now >= term_at()) {
      overdue_ = overdue_ || (!stopping_ && !status_);
      stop();
    }
    if (now < until_.kill) return;
    if (enclosure_) enclosure_->kill();
    signal_descendants(SIGKILL);
  }

  clock::time_point term_at() const {
    return until_.kill - std::chrono::milliseconds{options_.grace_ms};
  }

  void set_alarm() const {
    if (!command_) return;
    // Processes that are being killed may start others meanwhile: again soon.
    const auto again = clock::now() + 2ms;
    alarm_.set(stopping_ ? std::max(until_.kill, again) : std::min(term_at(), until_.kill));
  }

  keeper_options options_;
  std::optional<enclosure> enclosure_;
  alarm_clock alarm_;
  alarm_clock last_call_;  ///< should it be stopped again just when the alarm goes off
  int signals_ = -1;
  limits until_{};
  std::optional<pid_t> command_;
  std::optional<int> status_;
  bool stopping_ = false;
  bool overdue_ = false;  ///< the clock has stopped it, not `neli run` nor the command's own end
  bool alone_ = false;    ///< `neli run` is gone
  bool done_ = false;
};

}  // namespace

void add_keeper(CLI::App& app) {
  auto o = std::make_shared<keeper_options>();
  auto* c = app.add_subcommand(keeper_command, "")->group("");  // not shown
  c->add_option("--socket", o->socket)->required();
  c->add_option("--grace-ms", o->grace_ms)->required();
  c->add_option("--enclosure", o->enclosure);
  c->add_option("command", o->command)->required();
  c->callback([o] {
    // No alarm goes off any more at the exit: SIGCONT would undo the stop by which a leak checker
    // begins.
    const int status = keeper{*o}.run();
    std::exit(status);
  });
}

}  // namespace neli::tools
