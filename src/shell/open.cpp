// SPDX-License-Identifier: BSL-1.0
#include "shell/open.hpp"

#include "config/validate.hpp"

#include <utility>

namespace neli::shell {

std::shared_ptr<session> open(const asio::any_io_executor& executor, const config& c,
                              core::identity self, const session::make_time& make_time,
                              const stores::make_store& make_store) {
  auto made = std::make_shared<session>(executor, settings_of(c, c.store.setup()->arbitration()),
                                        std::move(self), c.logger, c.observer, make_time);
  made->open(make_store);
  return made;
}

neli::session handle_of(std::shared_ptr<session> s, std::shared_ptr<const config> c) {
  return {std::move(s), std::move(c)};
}

std::shared_ptr<candidate> contend(const std::shared_ptr<session>& s, const config& c,
                                   barrier_function barrier) {
  c.store.setup()->check_role(c.role);
  c.logger->info("neli: {} contends for '{}' over {}", c.name, c.role, c.store.setup()->where());
  s->start();
  return s->contend(c.role, std::move(barrier));
}

std::shared_ptr<follower> follow(const std::shared_ptr<session>& s, const config& c) {
  c.logger->info("neli: {} follows '{}' over {}", c.name, c.role, c.store.setup()->where());
  s->start();
  return s->follow(c.role);
}

}  // namespace neli::shell
