// SPDX-License-Identifier: BSL-1.0
#include "kafka/open.hpp"

#include "kafka/ledger.hpp"
#include "kafka/membership.hpp"
#include "shell/open.hpp"
#include "shell/system_time.hpp"
#include "validate.hpp"

#include <utility>

namespace neli::kafka {

std::shared_ptr<shell::role> contend(const asio::any_io_executor& executor, config given,
                                     barrier_function barrier) {
  check_properties(given);
  const auto c = std::make_shared<const config>(complete(std::move(given)));
  const auto in_kafka = [&c](const strand& s, shell::ledger::listener& of_ledger,
                             shell::membership::listener& of_membership) {
    std::unique_ptr<membership> member;
    if (c->arbitration == arbitration::group)
      member = std::make_unique<membership>(c, std::vector{c->role}, s, of_membership);
    auto ready = [m = member.get()] {
      if (m) m->topic_ready();
    };
    auto log = std::make_unique<ledger>(c, 1, s, of_ledger, std::move(ready));
    return shell::session::store{std::move(log), std::move(member)};
  };
  return shell::open(executor, *c, std::move(barrier), shell::make_system_time, in_kafka);
}

}  // namespace neli::kafka
