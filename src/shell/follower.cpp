// SPDX-License-Identifier: BSL-1.0
#include "shell/follower.hpp"

#include "shell/session.hpp"

#include <utility>

namespace neli::shell {

follower::follower(std::string role, std::shared_ptr<session> s)
    : endpoint{std::move(role), std::move(s)},
      changes_{std::make_shared<subscription<leader_changed>>(own_strand(), executor_)} {}

void follower::tell(const event& e) {
  const auto* c = e.as<leader_changed>();
  if (!c) return;
  note_leader(*c);
  if (!changes_->push(*c)) changes_->restate({*c});
}

void follower::give_up() { session_->unfollow(*this); }

void follower::drop() {
  on_strand(*this, own_strand(), [](follower& self) {
    if (self.state() != candidate_state::closed) self.give_up();
  });
}

void follower::closed() {
  endpoint::closed();
  changes_->end(why_ended());
}

}  // namespace neli::shell
