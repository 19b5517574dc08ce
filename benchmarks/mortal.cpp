// SPDX-License-Identifier: BSL-1.0
// A candidate that dies in a given way when SIGUSR1 tells it to, with so much memory to give back.
#include <neli/neli.hpp>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <facts.hpp>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace {

namespace asio = boost::asio;
using neli::tools::facts;

const std::map<std::string, void (*)()> ways{
    {"killed", [] { ::raise(SIGKILL); }},
    {"segmentation fault", [] { ::raise(SIGSEGV); }},
    {"abort", [] { std::abort(); }},
    {"uncaught exception", [] { throw std::runtime_error{"nobody catches this"}; }},
    {"_exit", [] { ::_exit(1); }},
};

struct options {
  std::string servers;
  std::string topic;
  std::string name;
  std::string arbitration = "ledger";
  std::string way = "killed";
  std::string guard;
  int lease_ms = 0;
  std::size_t resident_mb = 0;
  bool huge_pages = false;
  bool free_memory_later = false;
};

/// Keeps so much memory until the process ends.
void occupy(std::size_t bytes, bool huge_pages) {
  if (bytes == 0) return;
  void* const memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error{errno, std::generic_category(), "mmap"};
  if (::madvise(memory, bytes, huge_pages ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) != 0)
    throw std::system_error{errno, std::generic_category(), "madvise"};
  std::memset(memory, 'x', bytes);
}

neli::config config_of(const options& o) {
  neli::kafka k{{{"bootstrap.servers", o.servers}}};
  if (o.arbitration == "group") k.arbitration = neli::arbitration::group;
  k.group_id = o.topic;
  neli::config c{.store = k, .ledger = o.topic, .name = o.name, .logger = neli::no_logger()};
  if (o.lease_ms) c.lease = std::chrono::milliseconds{o.lease_ms};
  if (!o.guard.empty())
    c.guard = neli::guard{.command = {o.guard, "guard"}, .free_memory_later = o.free_memory_later};
  return c;
}

asio::awaitable<void> work(const neli::term& t, const facts& says) {
  says.print("LEAD", std::to_string(t.token()));
  asio::steady_timer never{co_await asio::this_coro::executor,
                           asio::steady_timer::time_point::max()};
  co_await never.async_wait(asio::use_awaitable);
}

asio::awaitable<void> watch(neli::candidate& c, const facts& says) {
  auto events = c.events();
  while (true) {
    const auto e = co_await events.next();
    if (const auto* x = e.as<neli::leader_changed>(); x && x->leader)
      says.print("LEADER", x->leader->name);
  }
}

void run(const options& o) {
  const ::rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  occupy(o.resident_mb * 1'000'000, o.huge_pages);
  const facts says{o.name};
  asio::io_context context{1};
  neli::candidate c{context.get_executor(), config_of(o)};
  asio::signal_set dying{context, SIGUSR1};
  dying.async_wait([&](boost::system::error_code, int) {
    says.print("DIES", o.way);
    ways.at(o.way)();
  });
  asio::signal_set leaving{context, SIGTERM};
  leaving.async_wait(
      [&](boost::system::error_code, int) { c.close([&](neli::error_code) { context.stop(); }); });
  c.lead([&](const neli::term& t) { return work(t, says); }, asio::detached);
  asio::co_spawn(context, watch(c, says), asio::detached);
  says.print("STARTED");
  context.run();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "A candidate until SIGTERM. Prints STARTED, LEADER, LEAD (its task starts) and DIES; SIGUSR1 "
      "makes it die."};
  options o;
  std::vector<std::string> names;
  for (const auto& [name, way] : ways) names.push_back(name);
  app.add_option("--servers", o.servers)->required();
  app.add_option("--topic", o.topic)->required();
  app.add_option("--name", o.name)->required();
  app.add_option("--arbitration", o.arbitration)->check(CLI::IsMember({"ledger", "group"}));
  app.add_option("--way", o.way, "In which it dies")->check(CLI::IsMember(names));
  app.add_option("--guard", o.guard, "The neli command, to be its guard");
  app.add_option("--lease-ms", o.lease_ms, "[neli's default]");
  app.add_option("--resident-mb", o.resident_mb, "More memory than it needs [0]");
  app.add_flag("--huge-pages", o.huge_pages, "Have that memory in huge pages");
  app.add_flag("--free-memory-later", o.free_memory_later, "Its guard is set up so");
  CLI11_PARSE(app, argc, argv);
  run(o);
}
