// SPDX-License-Identifier: BSL-1.0
#include "shell/open.hpp"

#include "environment.hpp"
#include "validate.hpp"

#include <utility>

namespace neli::shell {

std::shared_ptr<role> open(const asio::any_io_executor& executor, const config& c,
                           barrier_function barrier, const session::make_time& make_time,
                           const session::make_store& make_store) {
  const auto group =
      c.arbitration == arbitration::group ? " in group '" + c.leader_group_id + "'" : std::string{};
  c.logger->info("neli: {} contends for '{}'{} over topic '{}'", c.name, c.role, group,
                 c.leader_topic);
  const core::identity self{random_id(), c.name, c.metadata, random_seed()};
  auto made = std::make_shared<session>(executor, settings_of(c), self, c.logger, make_time);
  made->open(make_store);
  return made->contend(c.role, std::move(barrier));
}

}  // namespace neli::shell
