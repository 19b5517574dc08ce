// SPDX-License-Identifier: BSL-1.0
#include "guard/trial.hpp"

#include "harness/predecessor.hpp"
#include "support/comes_about.hpp"
#include <neli/stores/etcd.hpp>
#include <neli/testing/embedded_broker.hpp>

#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace neli::test {

namespace {

std::string unique_ledger() {
  static int n = 0;
  return "guarded-" + std::to_string(::getpid()) + "-" + std::to_string(++n);
}

testing::embedded_broker& the_broker() {
  static testing::embedded_broker one;
  return one;
}

std::string name_of_guard(const place& p) { return p.ledger + "/a"; }

bool pass_until(const std::function<bool()>& so) {
  return comes_about(
      so, [] { std::this_thread::sleep_for(5ms); }, 2min);
}

}  // namespace

servers& the_etcd() {
  static servers one{{"etcd", "--", "--heartbeat-interval", "20", "--election-timeout", "200"}};
  return one;
}

place on_kafka() {
  const auto ledger = unique_ledger();
  the_broker().create_topic(ledger);
  return {"kafka", the_broker().bootstrap_servers(), ledger, the_broker().store()};
}

place on_etcd() {
  const auto address = the_etcd().address();
  return {"etcd", address, unique_ledger(), etcd{.endpoints = {address}}};
}

trial::trial(place p, milliseconds lease)
    : place_{std::move(p)},
      nodes_{std::filesystem::read_symlink("/proc/self/exe"),
             {"contend", "--store", place_.store, "--servers", place_.servers, "--ledger",
              place_.ledger, "--lease-ms", std::to_string(lease.count())},
             [](const tools::fact& f) {
               BOOST_TEST_MESSAGE(f.ns << " " << f.name << " " << f.what << " " << f.detail);
             }} {
  have_a_predecessor(place_.how, place_.ledger);
}

void trial::start(const leader& l) {
  nodes_.start("a", {"--do", l.does, "--guard", l.guard, "--children", l.children,
                     "--in-a-namespace", l.in_a_namespace, "--free-memory", l.free_memory});
  nodes_.expect_of("a", "LEAD");
  nodes_.start("b");
  nodes_.expect_of("b", "LEADER", "a");
}

void trial::another_leads() { BOOST_TEST(nodes_.expect_of("b", "LEAD", 3min).name == "b"); }

void trial::nobody_else_leads() {
  nodes_.run_for(2s);
  BOOST_TEST(!nodes_.last("b", "LEAD").has_value());
}

::pid_t trial::guard() const {
  std::optional<::pid_t> found;
  BOOST_REQUIRE(
      pass_until([&] { return (found = process_of({name_of_guard(place_)})).has_value(); }));
  return *found;
}

listening_guard::listening_guard()
    : socket_{std::filesystem::temp_directory_path() / (unique_ledger() + ".guard")} {
  start();
}

listening_guard::~listening_guard() {
  std::error_code ignored;
  process_.terminate(ignored);
  std::filesystem::remove(socket_, ignored);
}

void listening_guard::start() {
  process_ = boost::process::child{std::filesystem::read_symlink("/proc/self/exe").string(),
                                   "listen", socket_};
}

bool listening_guard::ends_well() {
  std::error_code ignored;
  return pass_until([&] { return !process_.running(ignored); }) && process_.exit_code() == 0;
}

std::optional<::pid_t> process_of(const std::vector<std::string>& words) {
  std::string part;
  for (const auto& w : words) part += '\0' + w;
  part += '\0';
  for (const auto& one : std::filesystem::directory_iterator{"/proc"}) {
    const auto name = one.path().filename().string();
    ::pid_t number = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), number).ec != std::errc{}) continue;
    std::ifstream file{one.path() / "cmdline"};
    const std::string line{std::istreambuf_iterator<char>{file}, {}};
    if (line.find(part) != line.npos) return number;
  }
  return std::nullopt;
}

bool has_ended(::pid_t p) {
  return pass_until([&] { return ::kill(p, 0) != 0; });
}

}  // namespace neli::test
