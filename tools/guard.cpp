// SPDX-License-Identifier: BSL-1.0
#include "guard.hpp"

#ifdef NELI_HAS_CONSUL
#include <neli/stores/consul.hpp>
#endif
#ifdef NELI_HAS_ETCD
#include <neli/stores/etcd.hpp>
#endif
#ifdef NELI_HAS_ZOOKEEPER
#include <neli/stores/zookeeper.hpp>
#endif

#include <neli/guard.hpp>
#include <neli/stores/kafka.hpp>

#include <cstdlib>
#include <iostream>
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
  auto* c = app.add_subcommand(
      "guard",
      "Release what a process held when it has crashed. Started by the library, for a\n"
      "process whose neli::config::guard is set.");
  c->callback([] { std::exit(run()); });
}

}  // namespace neli::tools
