// SPDX-License-Identifier: BSL-1.0
#include "guard/channel.hpp"
#include "guard/evidence.hpp"
#include "guard/memory.hpp"
#include "guard/message.hpp"
#include "guard/process.hpp"
#include "guard/proof.hpp"
#include "guard/trial.hpp"
#include "support/comes_about.hpp"
#include <neli/candidate.hpp>
#include <neli/error.hpp>
#include <neli/stores/etcd.hpp>
#include <neli/stores/kafka.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace neli::test {

using namespace guards;

namespace {

volatile std::sig_atomic_t signals_of_children = 0;

/// A process that runs until the test ends it, and which nothing else is like.
std::vector<std::string> waiting() {
  static int n = 0;
  return {"sleep", "1000." + std::to_string(::getpid()) + std::to_string(++n)};
}

::pid_t pid_of(const std::vector<std::string>& command) {
  std::optional<::pid_t> found;
  BOOST_REQUIRE(comes_about([&] { return (found = process_of({command.back()})).has_value(); },
                            [] { std::this_thread::sleep_for(5ms); }, 1min));
  return *found;
}

std::set<int> ignored_by(::pid_t p) {
  std::ifstream status{"/proc/" + std::to_string(p) + "/status"};
  std::string word;
  while (status >> word && word != "SigIgn:") {
  }
  std::uint64_t bits = 0;
  status >> std::hex >> bits;
  std::set<int> all;
  for (int s = 1; s < NSIG; ++s)
    if ((bits >> (s - 1) & 1) != 0) all.insert(s);
  return all;
}

std::set<std::string> descriptors_of(::pid_t p) {
  std::set<std::string> all;
  for (const auto& one : std::filesystem::directory_iterator{"/proc/" + std::to_string(p) + "/fd"})
    all.insert(one.path().filename());
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(packets)

BOOST_AUTO_TEST_CASE(what_is_sent_is_what_comes) {
  const messages all{hello{"{}", "ledger", "name", 3000ms, 0.01, false}, claimed{"id", "r\n", 7},
                     ended{"id", "r", (core::token{1} << 53) - 1}, well{}, unwell{"why"}};
  BOOST_TEST((decode(encode(all)) == all));
  for (const auto& m : all) BOOST_TEST((decode(encode({m})) == messages{m}));
}

BOOST_AUTO_TEST_CASE(what_is_no_message_does_not_hide_the_others) {
  BOOST_TEST((decode("{}\n" + encode({well{}}) + "{") == messages{well{}}));
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_none) {
  for (const auto* text : {"", "{", "[]", "{}", R"({"v":2,"kind":"well"})", R"({"v":1})",
                           R"({"v":1,"kind":"another"})", R"({"v":1,"kind":"ended","id":1})",
                           R"({"v":1,"kind":"claimed","id":"a","role":"r","term":-1})"})
    BOOST_TEST(decode(text).empty());
}

BOOST_AUTO_TEST_CASE(what_was_sent_stays_when_the_sender_is_gone) {
  auto [mine, theirs] = make_channel();
  BOOST_TEST(!send(mine.get(), {claimed{"id", "r", 7}}));
  mine = descriptor{};
  const auto first = receive(theirs.get());
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST((first->messages == messages{claimed{"id", "r", 7}}));
  BOOST_TEST(receive(theirs.get())->closed);
}

BOOST_AUTO_TEST_CASE(a_channel_that_is_full_says_so_and_does_not_wait) {
  const auto [mine, theirs] = make_channel();
  boost::system::error_code e;
  while (!e) e = send(mine.get(), {well{}});
  BOOST_TEST(e == boost::system::errc::resource_unavailable_try_again);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(proofs)

BOOST_AUTO_TEST_CASE(this_process_is_not_dead) {
  const auto& mine = evidence_of_this_process();
  BOOST_TEST(&mine == &evidence_of_this_process());
  asio::io_context context;
  bool dead = false;
  const proof_of_death p{context.get_executor(),
                         {descriptor{::dup(mine.pidfd.get())}, descriptor{::dup(mine.pipe.get())}},
                         sufficient::both,
                         [&] { dead = true; }};
  context.run_for(100ms);
  BOOST_TEST(!dead);
}

BOOST_AUTO_TEST_CASE(another_file_is_no_evidence) {
  asio::io_context context;
  const auto believe = [&](const char* file) {
    proof_of_death{
        context.get_executor(), {descriptor{::open(file, O_RDONLY)}, {}}, sufficient::pidfd, [] {}};
  };
  BOOST_CHECK_THROW(believe("/dev/null"), std::system_error);
  BOOST_CHECK_THROW(believe("/nowhere/to/be/found"), std::system_error);
}

BOOST_AUTO_TEST_CASE(a_pidfd_without_the_pipe_is_not_enough) {
  asio::io_context context;
  const auto believe = [&] {
    proof_of_death{context.get_executor(),
                   {descriptor{::dup(evidence_of_this_process().pidfd.get())}, {}},
                   sufficient::both,
                   [] {}};
  };
  BOOST_CHECK_THROW(believe(), std::system_error);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(processes)

BOOST_AUTO_TEST_CASE(a_process_that_is_started_apart_is_nobodys_child) {
  struct ::sigaction count {};
  struct ::sigaction before {};
  count.sa_handler = [](int) { signals_of_children = signals_of_children + 1; };
  ::sigaction(SIGCHLD, &count, &before);
  const auto command = waiting();
  const auto [mine, theirs] = make_channel();
  start_apart(command, theirs.get());
  const auto child = pid_of(command);
  BOOST_TEST(::getpgid(child) == child);
  BOOST_TEST(::getsid(child) == child);
  // It does not know of the tests' servers, which are children.
  int status = 0;
  BOOST_TEST(::waitpid(child, &status, WNOHANG | static_cast<int>(__WALL)) == -1);
  BOOST_TEST(errno == ECHILD);
  ::kill(child, SIGKILL);
  BOOST_TEST(has_ended(child));
  ::sigaction(SIGCHLD, &before, nullptr);
  BOOST_TEST(signals_of_children == 0);
}

BOOST_AUTO_TEST_CASE(it_has_its_socket_and_nothing_else_of_this_process) {
  // Not closed by exec, and not where the socket comes.
  const descriptor file{::fcntl(STDERR_FILENO, F_DUPFD, 10)};
  const auto command = waiting();
  const auto [mine, theirs] = make_channel();
  start_apart(command, theirs.get());
  const auto child = pid_of(command);
  // The program may be loading its libraries yet.
  BOOST_TEST(comes_about(
      [&] {
        return descriptors_of(child) == std::set<std::string>{"0", "1", "2", "3"};
      },
      [] { std::this_thread::sleep_for(5ms); }, 1min));
  const auto fd = [&](const char* n) {
    return std::filesystem::read_symlink("/proc/" + std::to_string(child) + "/fd/" + n).string();
  };
  BOOST_TEST(fd("1") == "/dev/null");
  BOOST_TEST(fd("3").starts_with("socket:"));
  ::kill(child, SIGKILL);
}

BOOST_AUTO_TEST_CASE(it_outlives_what_ends_a_group_of_processes_from_its_first_moment) {
  const auto command = waiting();
  const auto [mine, theirs] = make_channel();
  const auto ignored_here = ::signal(SIGUSR2, SIG_IGN);
  start_apart(command, theirs.get());
  ::signal(SIGUSR2, ignored_here);
  const auto child = pid_of(command);
  const std::set<int> expected{SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE};
  BOOST_TEST(ignored_by(child) == expected);
  ::kill(child, SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_program_that_cannot_be_started_is_told_of) {
  const auto [mine, theirs] = make_channel();
  BOOST_CHECK_EXCEPTION(start_apart({"/nowhere/to/be/found"}, theirs.get()), std::system_error,
                        [](const auto& e) { return e.code().value() == ENOENT; });
}

BOOST_AUTO_TEST_CASE(this_process_gets_none_of_the_descriptors) {
  const auto before = descriptors_of(::getpid());
  {
    const auto command = waiting();
    const auto [mine, theirs] = make_channel();
    start_apart(command, theirs.get());
    ::kill(pid_of(command), SIGKILL);
  }
  BOOST_TEST((descriptors_of(::getpid()) == before));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(memory)

/// A child of the test, whose memory is freed later.
struct large_child {
  large_child() {
    int told[2];
    int asked[2];
    BOOST_REQUIRE(::pipe2(told, O_CLOEXEC) == 0);
    BOOST_REQUIRE(::pipe2(asked, O_CLOEXEC) == 0);
    child = ::fork();
    if (child == 0) {
      ::close(asked[1]);  // so that it ends with the test
      be(told[1], asked[0]);
    }
    told_ = descriptor{told[0]};
    asked_ = descriptor{asked[1]};
    ::close(told[1]);
    ::close(asked[0]);
    holder = next_process();
  }
  large_child(const large_child&) = delete;
  large_child& operator=(const large_child&) = delete;
  ~large_child() {
    kill();
    BOOST_TEST(has_ended(holder));
  }

  ::pid_t next_process() const {
    ::pid_t p = -1;
    BOOST_REQUIRE(::read(told_.get(), &p, sizeof p) == sizeof p);
    return p;
  }
  /// 'f': tells again, and so does a child of its; 'x': runs another program.
  void ask(char what) const { BOOST_REQUIRE(::write(asked_.get(), &what, 1) == 1); }
  /// Returns when it has ended.
  void kill() {
    if (child < 0) return;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    child = -1;
  }

  static constexpr std::size_t bytes = std::size_t{32} << 20;
  ::pid_t child = -1;
  ::pid_t holder = -1;

 private:
  [[noreturn]] static void be(int tells, int hears) {
    const std::vector<char> large(bytes, 'x');
    const auto tell = [tells] {
      const auto p = free_memory_later();
      if (::write(tells, &p, sizeof p) < 0) ::_exit(1);
    };
    tell();
    char what = 0;
    while (::read(hears, &what, 1) == 1) {
      if (what == 'x') ::execlp("sleep", "sleep", "1000", nullptr);
      tell();
      if (::fork() == 0) {
        tell();
        ::_exit(0);
      }
    }
    ::_exit(0);
  }

  descriptor told_;
  descriptor asked_;
};

std::size_t resident(::pid_t p) {
  std::ifstream file{"/proc/" + std::to_string(p) + "/statm"};
  std::size_t size = 0;
  std::size_t pages = 0;
  file >> size >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

BOOST_AUTO_TEST_CASE(a_process_has_ended_before_its_memory_is_freed) {
  large_child c;
  ::kill(c.holder, SIGSTOP);
  c.kill();
  BOOST_TEST(resident(c.holder) >= c.bytes);
  ::kill(c.holder, SIGCONT);
}

BOOST_AUTO_TEST_CASE(it_is_freed_when_the_process_runs_another_program) {
  const large_child c;
  c.ask('x');
  BOOST_TEST(has_ended(c.holder));
  BOOST_TEST(::kill(c.child, 0) == 0);
}

BOOST_AUTO_TEST_CASE(its_holder_keeps_nothing_else_of_the_process) {
  const large_child c;
  const auto file = [&](const char* name) {
    return "/proc/" + std::to_string(c.holder) + "/" + name;
  };
  BOOST_TEST(comes_about(
      [&] {
        return descriptors_of(c.holder) == std::set<std::string>{"0", "1"};
      },
      [] { std::this_thread::sleep_for(5ms); }, 1min));
  BOOST_TEST(std::filesystem::read_symlink(file("cwd")).string() == "/");
  BOOST_TEST(::getsid(c.holder) == c.holder);
  std::string name;
  std::getline(std::ifstream{file("comm")} >> std::ws, name);
  BOOST_TEST(name == "neli-memory");
}

BOOST_AUTO_TEST_CASE(its_holder_runs_no_handler_of_a_signal_and_outlives_it) {
  const large_child c;
  for (const int s : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) ::kill(c.holder, s);
  std::this_thread::sleep_for(20ms);
  BOOST_TEST(::kill(c.holder, 0) == 0);
}

BOOST_AUTO_TEST_CASE(there_is_one_holder_for_a_process_and_another_for_its_child) {
  const large_child c;
  c.ask('f');
  BOOST_TEST(c.next_process() == c.holder);
  const auto of_the_child = c.next_process();
  BOOST_TEST(of_the_child != c.holder);
  BOOST_TEST(has_ended(of_the_child));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(a_guard_without_a_program_is_refused) {
  asio::io_context context;
  const auto make = [&](std::vector<std::string> command) {
    candidate c{context.get_executor(),
                config{.store = kafka{{{"bootstrap.servers", "127.0.0.1:1"}}},
                       .guard = neli::guard{.command = std::move(command)}}};
  };
  const auto names_it = [](const config_error& e) { return e.field() == "guard.command"; };
  BOOST_CHECK_EXCEPTION(make({}), config_error, names_it);
  BOOST_CHECK_EXCEPTION(make({""}), config_error, names_it);
  BOOST_CHECK_EXCEPTION(make({"neli", std::string("gu\0ard", 6)}), config_error, names_it);
}

BOOST_AUTO_TEST_CASE(a_stores_settings_are_of_its_own_kind) {
  BOOST_TEST(!kafka::from_settings("").has_value());
  BOOST_TEST(!kafka::from_settings("{}").has_value());
  BOOST_TEST(!etcd::from_settings(R"({"kind":"kafka","properties":{}})").has_value());
  BOOST_TEST(kafka::from_settings(R"({"kind":"kafka","properties":{}})").has_value());
  BOOST_TEST(!kafka::from_settings(R"({"kind":"kafka","properties":{}})")->create_topic);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
