// SPDX-License-Identifier: BSL-1.0
#include "guard/contender.hpp"

#include "facts.hpp"
#include "trace_to.hpp"
#include <neli/neli.hpp>
#include <neli/stores/consul.hpp>
#include <neli/stores/etcd.hpp>
#include <neli/stores/zookeeper.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

namespace neli::test {

namespace {

using namespace std::chrono_literals;

using options = std::map<std::string, std::string>;

options options_of(const std::vector<std::string>& words) {
  options o;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) o[words[i]] = words[i + 1];
  return o;
}

store store_of(const std::string& kind, const std::string& server) {
  if (kind == "kafka") return kafka{{{"bootstrap.servers", server}}};
  if (kind == "consul") return consul{.addresses = {server}};
  if (kind == "zookeeper") return zookeeper{.servers = {server}};
  return etcd{.endpoints = {server}};
}

config config_of(const options& o) {
  config c{.store = store_of(o.at("--store"), o.at("--servers")),
           .ledger = o.at("--ledger"),
           .name = o.at("--name"),
           .lease = std::chrono::milliseconds{std::stoi(o.at("--lease-ms"))},
           .logger = no_logger()};
  if (o.contains("--trace")) c.observer = make_tracer(tools::trace_to(o.at("--trace")));
  const auto kind = o.contains("--guard") ? o.at("--guard") : "none";
  if (kind.starts_with("/"))
    c.guard = neli::guard{.socket = kind};
  else if (kind == "absent")
    c.guard = neli::guard{.command = {"/nowhere/to/be/found"}};
  else if (kind != "none")
    c.guard = neli::guard{
        .command = {"/proc/self/exe", "be-guard", kind, c.ledger + "/" + c.name},
        .children = !o.contains("--children") || o.at("--children") == "yes",
        .free_memory_later = o.contains("--free-memory") && o.at("--free-memory") == "later"};
  return c;
}

/// As if the kernel waited for a disk: this thread's state is D, and only SIGKILL ends it.
[[noreturn]] void sleep_without_being_interruptible() {
  // By the kernel itself, as the thread sanitizer makes a fork of vfork().
  if (::syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, nullptr) == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (true) ::pause();
  }
  ::_exit(0);
}

/// A child that does nothing for long, and keeps what it has inherited but for the pipe to the
/// test.
::pid_t live_on() {
  const auto child = ::fork();
  if (child != 0) return child;
  ::close(STDOUT_FILENO);
  ::signal(SIGTERM, SIG_DFL);
  while (true) ::pause();
}

class contender {
 public:
  explicit contender(options o)
      : options_{std::move(o)},
        facts_{options_.at("--name")},
        candidate_{std::make_unique<candidate>(context_.get_executor(), config_of(options_))} {
    facts_.print("STARTED");
    asio::co_spawn(context_, pulse(), asio::detached);
    asio::co_spawn(context_, watch(), asio::detached);
    asio::co_spawn(context_, obey(), asio::detached);
  }

  /// Not on the first thread, which may end before the others.
  int run() {
    std::thread{[this] { context_.run(); }}.detach();
    while (!first_thread_ends_) std::this_thread::sleep_for(10ms);
    ::pthread_exit(nullptr);
  }

 private:
  void show_status() const {
    const auto shown = candidate_->status().trouble;
    facts_.print("STATUS", shown.code ? shown.what : "well");
  }

  asio::awaitable<void> pulse() {
    asio::steady_timer timer{context_};
    std::uint64_t told = 0;
    while (candidate_) {
      const auto t = candidate_->term();
      if (t && t->token() != told) {
        told = t->token();
        facts_.print("ACQUIRED", std::to_string(told));
        facts_.print("LEAD", std::to_string(told));
        show_status();
      }
      if (!t && told != 0) {
        facts_.print("OUT");
        told = 0;
      }
      timer.expires_after(1ms);
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

  asio::awaitable<void> watch() {
    auto events = candidate_->events();
    while (true) {
      const auto e = co_await events.next();
      if (const auto* x = e.as<leader_changed>())
        facts_.print("LEADER",
                     x->leader ? x->leader->name : "none " + std::string{to_string(x->reason)});
      if (const auto* t = e.as<trouble>()) {
        facts_.print(t->code ? "TROUBLE" : "WELL", t->what);
        show_status();
      }
    }
  }

  asio::awaitable<void> obey() {
    asio::signal_set signals{context_, SIGUSR1, SIGTERM};
    if (co_await signals.async_wait(asio::use_awaitable) == SIGTERM) {
      co_await candidate_->close();
      ::_exit(0);
    }
    signals.clear();
    ::signal(SIGTERM, SIG_DFL);
    co_await act(options_.at("--do"));
  }

  asio::awaitable<void> act(const std::string& what) {
    if (what == "abort") std::abort();
    if (what == "_exit") ::_exit(0);
    if (what == "exit") std::exit(0);
    if (what == "segv") ::raise(SIGSEGV);
    if (what == "throw")
      std::thread{[] { throw std::runtime_error{"nobody catches this"}; }}.join();
    if (what == "leave a child") {
      facts_.print("CHILD", std::to_string(live_on()));
      ::_exit(0);
    }
    if (what == "run another program") {
      facts_.print("ACTED");
      ::close(STDOUT_FILENO);
      ::execl("/bin/sleep", "sleep", "1000", nullptr);
    }
    if (what == "end the first thread") first_thread_ends_ = true;
    if (what == "close all descriptors") {
      facts_.print("ACTED");
      ::syscall(SYS_close_range, 3, ~0U, 0);
      while (true) std::this_thread::sleep_for(1s);
    }
    if (what == "sleep without being interruptible") {
      facts_.print("ACTED");
      sleep_without_being_interruptible();
    }
    if (what == "close the candidate") co_await candidate_->close();
    if (what == "destroy the candidate") candidate_.reset();
    facts_.print("ACTED");
    while (true) {
      asio::steady_timer timer{context_, 1h};
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

  const options options_;
  asio::io_context context_{1};
  const tools::facts facts_;
  std::unique_ptr<candidate> candidate_;
  std::atomic<bool> first_thread_ends_{false};
};

/// A child does it, which is the first process of a PID namespace and dies with this one.
int contend_in_a_namespace(const std::vector<std::string>& words) {
  std::vector<std::string> all{"unshare", "--pid", "--fork", "--kill-child=KILL"};
  if (::geteuid() != 0) all.emplace_back("--map-root-user");
  all.insert(all.end(), {std::filesystem::read_symlink("/proc/self/exe"), "contend"});
  all.insert(all.end(), words.begin(), words.end());
  all.insert(all.end(), {"--in-a-namespace", "no"});  // the last one counts
  std::vector<char*> argv;
  argv.reserve(all.size() + 1);
  for (auto& w : all) argv.push_back(w.data());
  argv.push_back(nullptr);
  ::execvp(argv[0], argv.data());
  return EXIT_FAILURE;
}

}  // namespace

int contend(const std::vector<std::string>& words) {
  const auto o = options_of(words);
  if (o.contains("--in-a-namespace") && o.at("--in-a-namespace") == "yes")
    return contend_in_a_namespace(words);
  return (new contender{o})->run();  // it ends with the process
}

}  // namespace neli::test
