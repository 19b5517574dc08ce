// SPDX-License-Identifier: BSL-1.0
#include "kafka/open.hpp"

#include "environment.hpp"
#include "kafka/ledger.hpp"
#include "kafka/membership.hpp"
#include "shell/system_time.hpp"
#include "validate.hpp"

#include <spdlog/logger.h>

#include <utility>

namespace neli::kafka {

namespace {

shell::session::make_store in_kafka(std::shared_ptr<const config> c) {
  return [c](const shell::strand& strand, shell::ledger::listener& of_ledger,
             shell::membership::listener& of_membership) {
    auto member = std::make_unique<membership>(c, std::vector{c->role}, strand, of_membership);
    auto ready = [m = member.get()] { m->topic_ready(); };
    return shell::session::store{
        std::make_unique<ledger>(c, 1, strand, of_ledger, std::move(ready)), std::move(member)};
  };
}

}  // namespace

std::shared_ptr<shell::role> contend(asio::any_io_executor executor, config given,
                                     barrier_function barrier) {
  check_properties(given);
  const auto c = std::make_shared<const config>(complete(std::move(given)));
  c->logger->info("neli: {} contends for '{}' in group '{}' over topic '{}'", c->name, c->role,
                  c->leader_group_id, c->leader_topic);
  auto session = std::make_shared<shell::session>(
      executor, settings_of(*c), core::identity{random_id(), c->name, c->metadata, random_seed()},
      c->logger, shell::make_system_time);
  session->open(in_kafka(c));
  return session->contend(c->role, std::move(barrier));
}

}  // namespace neli::kafka
