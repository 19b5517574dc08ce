// SPDX-License-Identifier: BSL-1.0
#include "guard.hpp"

#include "stores.hpp"
#include <neli/guard.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

namespace neli::tools {

namespace {

store store_of_settings(const std::string& text) {
  if (const auto s = kafka::from_settings(text)) return *s;
#ifdef NELI_HAS_ETCD
  if (const auto s = etcd::from_settings(text)) return *s;
#endif
#ifdef NELI_HAS_CONSUL
  if (const auto s = consul::from_settings(text)) return *s;
#endif
#ifdef NELI_HAS_ZOOKEEPER
  if (const auto s = zookeeper::from_settings(text)) return *s;
#endif
  throw std::runtime_error{
      "this neli does not know the store; guard::command may name a program that does"};
}

int run() {
  const int status = run_guard(store_of_settings);
  if (status != EXIT_SUCCESS)
    std::cerr << "neli guard: it is started by a process that sets neli::config::guard\n";
  return status;
}

}  // namespace

void add_guard(CLI::App& app) {
  auto socket = std::make_shared<std::string>();
  auto* c = app.add_subcommand(
      "guard",
      "Release what a process held when it has crashed. Started by the library, for a\n"
      "process whose neli::config::guard is set; or with --listen for all processes of this\n"
      "user whose neli::guard::socket names it.");
  c->add_option("--listen", *socket,
                "Make this Unix socket and wait for processes. SIGTERM ends it once they have\n"
                "ended, a second SIGTERM at once");
  c->callback([socket] {
    if (socket->empty()) std::exit(run());
    run_guard_at(*socket, store_of_settings);
    std::exit(EXIT_SUCCESS);
  });
}

}  // namespace neli::tools
