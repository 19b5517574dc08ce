// SPDX-License-Identifier: BSL-1.0
#include "api/open.hpp"

#include "config/environment.hpp"
#include "config/validate.hpp"
#include "shell/open.hpp"
#include "shell/system_time.hpp"
#include "stores/kafka/open.hpp"

#include <utility>

namespace neli {

opened open(const asio::any_io_executor& executor, config given, use u) {
  if (u == use::following) given.arbitration = arbitration::ledger;
  const auto c = std::make_shared<const config>(complete(std::move(given)));
  return {c, shell::open(executor, *c, {random_id(), c->name, c->metadata, random_seed()},
                         shell::make_system_time, stores::kafka::open(c, u == use::contending))};
}

}  // namespace neli
