// SPDX-License-Identifier: BSL-1.0
#include "contend.hpp"
#include "demo.hpp"
#include "follow.hpp"
#include "guard.hpp"
#include "roles.hpp"
#include "run/keeper.hpp"
#include "run/run.hpp"
#include <neli/version.hpp>

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  CLI::App app{"Leader election over Apache Kafka, etcd, Consul or ZooKeeper"};
  app.set_version_flag("--version", NELI_VERSION);
  app.require_subcommand(1);
  neli::tools::add_run(app);
  neli::tools::add_keeper(app);
  neli::tools::add_contend(app);
  neli::tools::add_follow(app);
  neli::tools::add_roles(app);
  neli::tools::add_guard(app);
  neli::tools::add_demo(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e);
  } catch (const std::exception& e) {
    std::cerr << "neli: " << e.what() << '\n';
    return 2;
  }
}
