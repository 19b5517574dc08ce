// SPDX-License-Identifier: BSL-1.0
#include "kafka/open.hpp"

#include "environment.hpp"
#include "kafka/ledger.hpp"
#include "kafka/make_client.hpp"
#include "kafka/membership.hpp"
#include "shell/open.hpp"
#include "shell/system_time.hpp"
#include "validate.hpp"

#include <initializer_list>
#include <utility>

namespace neli::kafka {

namespace {

std::shared_ptr<const config> checked(config given, std::initializer_list<client> kinds) {
  check_properties(given);
  auto c = std::make_shared<const config>(complete(std::move(given)));
  for (const auto kind : kinds) try_client(kind, *c);
  return c;
}

}  // namespace

// The reader is not tried: it is made at once.

std::shared_ptr<const config> checked(config given) {
  if (given.arbitration == arbitration::group)
    return checked(std::move(given), {client::administrator, client::writer, client::member});
  return checked(std::move(given), {client::administrator, client::writer});
}

/// Enters no group, whatever the candidates do.
std::shared_ptr<const config> checked_for_follower(config given) {
  given.arbitration = arbitration::ledger;
  return checked(std::move(given), {client::administrator});
}

std::shared_ptr<shell::session> open(const asio::any_io_executor& executor,
                                     const std::shared_ptr<const config>& c) {
  const auto join = [c](const strand& s, shell::membership::listener& l) {
    return std::make_unique<membership>(c, s, l);
  };
  const auto in_kafka = [&](const strand& s, shell::ledger::listener& l) {
    shell::session::store store{std::make_unique<ledger>(c, s, l), {}};
    if (c->arbitration == arbitration::group) store.join = join;
    return store;
  };
  return shell::open(executor, *c, {random_id(), c->name, c->metadata, random_seed()},
                     shell::make_system_time, in_kafka);
}

}  // namespace neli::kafka
