// SPDX-License-Identifier: BSL-1.0
#include "agent.hpp"

#include "descendants.hpp"
#include <neli/event_stream.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <utility>

extern char** environ;

namespace neli::tools {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

/// As shells tell it.
int exit_status(const outcome& o) {
  if (o.what == outcome::kind::lost) return 128 + SIGKILL;
  if (o.what == outcome::kind::not_started)
    return o.value == ENOENT ? exits::not_found : exits::not_executable;
  return WIFEXITED(o.value) ? WEXITSTATUS(o.value) : 128 + WTERMSIG(o.value);
}

std::string in_words(const outcome& o) {
  if (o.what == outcome::kind::lost) return "was killed, as its keeper was killed";
  if (o.what == outcome::kind::not_started)
    return "could not be started: " + std::generic_category().message(o.value);
  if (WIFEXITED(o.value)) return "ended with status " + std::to_string(WEXITSTATUS(o.value));
  return "was ended by " + std::string{"SIG"} + ::sigabbrev_np(WTERMSIG(o.value));
}

std::vector<std::string> guard_command() { return {"/proc/self/exe", "guard"}; }

bool ends(int signal) { return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT; }

}  // namespace

agent::agent(settings s, config c)
    : settings_{std::move(s)},
      lease_{c.lease},
      says_{settings_.form},
      kept_{.words = settings_.command,
            .grace = settings_.grace,
            .group = enclosure::make(),
            .lifeline = -1,
            .spared =
                [this] {
                  // An orphan, and so a child of this process, which adopts orphans.
                  auto spared = children_called(guard_command());
                  spared.insert(spared.end(), others_.begin(), others_.end());
                  return spared;
                }},
      signals_{context_, SIGCHLD},
      patience_{context_},
      candidate_{context_.get_executor(), with_guard(std::move(c))} {
  adopt_orphans();
  for (const int number : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH})
    signals_.add(number);
  command_ = std::make_shared<kept_command>(context_.get_executor(), kept_);
}

/// A guard gives the term up when this process is dead and nobody holds the lifeline: neither a
/// keeper nor the command nor what has come of it.
config agent::with_guard(config c) {
  if (!settings_.guard) return c;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe2"};
  kept_.lifeline = ends[1];
  c.guard = guard{.command = guard_command(), .lifeline = ends[0]};
  return c;
}

agent::~agent() {
  if (kept_.group) kept_.group->remove();
}

int agent::run() {
  says_.say("contends", "waits to lead, to run " + settings_.command.front());
  const auto spawn = [this](auto work) {
    asio::co_spawn(context_, std::move(work), asio::detached);
  };
  spawn(obey_signals());
  spawn(tell_events());
  if (settings_.wait) spawn(wait_to_lead());
  candidate_.lead([this](const term& t) { return lead(t); },
                  {.margin = settings_.grace + lease_ / 10, .back_off = settings_.back_off},
                  asio::detached);
  candidate_.wait_closed([this](const error_code& e) {
    if (e) {
      says_.say("failed", "the election has ended: " + e.message());
      result_ = exits::failed;
    }
    closed_ = true;  // a signal may be on its way to its handler, which cannot be cancelled
    signals_.cancel();
    patience_.cancel();
    command_.reset();
  });
  context_.run();
  return result_.value_or(exits::failed);
}

limits agent::until(clock::time_point deadline) const {
  return {.kill = deadline - lease_ / 10, .gone = deadline - lease_ / 20};
}

asio::awaitable<void> agent::lead(term t) {
  if (result_ || ending_) co_return;
  has_led_ = true;
  patience_.cancel();
  const auto token = t.token();
  says_.say("leads",
            "leads with token " + std::to_string(token) + ", starts " + settings_.command.front(),
            {{"token", token}});
  const auto command = command_;
  const bool told = co_await keep(t, *command);
  const auto over = *command->over();
  // The keeper may notice the end of the lease first.
  const bool lost = told || over.what == outcome::kind::overdue;
  command_ = closed_ ? nullptr : std::make_shared<kept_command>(context_.get_executor(), kept_);
  says_.say("ended", settings_.command.front() + " " + in_words(over), {{"token", token}});
  if (ending_) co_return finish(exit_status(over));
  if (over.what == outcome::kind::not_started) co_return finish(exit_status(over));
  if (lost) {
    says_.say("lost", "has ended the command, as leadership was lost", {{"token", token}});
    run_on_lost(token);
    if (settings_.once) finish(exits::lost);
    co_return;
  }
  const bool well = exit_status(over) == 0;
  if (settings_.once || settings_.again == restart::never ||
      (well && settings_.again != restart::always))
    co_return finish(exit_status(over));
  // Others go first, for longer each time that it has failed.
  if (!well) throw std::runtime_error{settings_.command.front() + " " + in_words(over)};
  co_await candidate_.resign(settings_.back_off);
}

/// Until the command is over. Returns whether it was told to end because leadership was lost.
asio::awaitable<bool> agent::keep(const term& t, kept_command& command) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto deadline = t.deadline();
  command.start(t.token(), until(deadline));
  bool lost = false;
  while (!command.over()) {
    co_await command.wait(lease_ / 20);
    if (lost || command.over()) continue;
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
      lost = true;
      command.stop(until(deadline));
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation{});
    } else if (const auto now = candidate_.term(); now && now->deadline() > deadline) {
      deadline = now->deadline();
      command.renew(until(deadline));
    }
  }
  co_return lost;
}

asio::awaitable<void> agent::obey_signals() {
  while (!closed_) {
    const auto [e, signal] = co_await signals_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (e) co_return;
    if (signal == SIGCHLD) {
      collect_children();
    } else if (command_ && command_->runs()) {
      if (ends(signal)) ending_ = true;
      command_->signal(signal);
    } else if (ends(signal)) {
      says_.say("ends", "ends, as it was told to");
      finish(128 + signal);
    }
  }
}

/// Also those that this process was given as orphans, as process 1 of a container is.
void agent::collect_children() {
  pid_t p = 0;
  while ((p = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
    std::erase(others_, p);
    if (command_) command_->child_ended(p);
  }
}

asio::awaitable<void> agent::tell_events() {
  auto events = candidate_.events();
  while (true) {
    const auto [e, what] = co_await events.next(asio::as_tuple(asio::use_awaitable));
    if (e) co_return;
    if (const auto* x = what.as<leader_fenced>())
      says_.say("fenced", "does not lead any more: " + std::string{to_string(x->reason)},
                {{"token", x->term.token()}, {"reason", to_string(x->reason)}});
    if (const auto* x = what.as<leader_changed>(); x && x->leader)
      says_.say("leader", x->leader->name + " leads",
                {{"name", x->leader->name}, {"token", x->leader->token}});
    if (const auto* x = what.as<trouble>()) says_.say(x->code ? "trouble" : "well", x->what);
  }
}

asio::awaitable<void> agent::wait_to_lead() {
  patience_.expires_after(*settings_.wait);
  const auto [e] = co_await patience_.async_wait(asio::as_tuple(asio::use_awaitable));
  if (e || has_led_) co_return;
  says_.say("not_led", "did not lead within --wait");
  finish(exits::not_led);
}

void agent::run_on_lost(std::uint64_t token) {
  if (settings_.on_lost.empty()) return;
  ::setenv("NELI_TOKEN", std::to_string(token).c_str(), 1);
  auto text = settings_.on_lost;
  std::array<char, 3> shell{"sh"}, option{"-c"};
  std::array<char*, 4> words{shell.data(), option.data(), text.data(), nullptr};
  pid_t p = 0;
  const int failed = ::posix_spawnp(&p, "sh", nullptr, nullptr, words.data(), environ);
  ::unsetenv("NELI_TOKEN");
  if (failed)
    says_.say("on_lost_failed", "--on-lost: " + std::generic_category().message(failed));
  else
    others_.push_back(p);
}

void agent::finish(int status) {
  if (!result_) result_ = status;
  candidate_.close(asio::detached);
}

}  // namespace neli::tools
