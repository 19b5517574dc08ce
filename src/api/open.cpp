// SPDX-License-Identifier: BSL-1.0
#include "api/open.hpp"

#include "config/environment.hpp"
#include "config/validate.hpp"
#include "guard/ledger.hpp"
#include "shell/open.hpp"
#include "system_time.hpp"

#include <utility>

namespace neli {

opened open(const asio::any_io_executor& executor, config given, stores::use u) {
  const auto c = std::make_shared<const config>(complete(std::move(given), u));
  auto make = c->store.setup()->opener();
  if (c->guard && u == stores::use::contending) make = guards::guarded(std::move(make), *c);
  return {c, shell::open(executor, *c, {random_id(), c->name, c->metadata, random_seed()},
                         make_system_time, make)};
}

}  // namespace neli
