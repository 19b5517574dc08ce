// SPDX-License-Identifier: BSL-1.0
#include "api/open.hpp"

#include "config/environment.hpp"
#include "config/validate.hpp"
#include "shell/open.hpp"
#include "shell/system_time.hpp"
#include "stores/kafka/open.hpp"

#include <utility>

namespace neli {

std::shared_ptr<const config> checked(config given, use u) {
  if (u == use::following) given.arbitration = arbitration::ledger;
  auto c = std::make_shared<const config>(complete(std::move(given)));
  stores::kafka::check(*c, u == use::contending);
  return c;
}

std::shared_ptr<shell::session> open(const asio::any_io_executor& executor,
                                     const std::shared_ptr<const config>& c, use u) {
  return shell::open(executor, *c, {random_id(), c->name, c->metadata, random_seed()},
                     shell::make_system_time, stores::kafka::open(c, u == use::contending));
}

}  // namespace neli
