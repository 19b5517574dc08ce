// SPDX-License-Identifier: BSL-1.0
#include "shell/endpoint.hpp"

#include "shell/session.hpp"

namespace neli::shell {

endpoint::endpoint(std::string role, std::shared_ptr<session> s)
    : name_{std::move(role)}, session_{std::move(s)}, executor_{session_->executor()} {}

endpoint::~endpoint() = default;

const strand& endpoint::own_strand() const { return session_->get_strand(); }

std::optional<leader_info> endpoint::leader() const {
  const std::lock_guard lock{mutex_};
  return leader_;
}

void endpoint::note_leader(const leader_changed& c) {
  {
    const std::lock_guard lock{mutex_};
    leader_ = c.leader;
  }
  last_changed_ = c;
}

// --- the end ---

void endpoint::close(detail::closed_handler handler) {
  const bool to_the_end = !session_->called_by_user_code();
  auto op = make_pending(std::move(handler), executor_, own_strand());
  on_strand(*this, own_strand(), [op, to_the_end](endpoint& self) {
    if (self.state() == candidate_state::closed) return op->complete({});
    wait_in(self.closing_, op);
    if (!to_the_end) op->complete({});
    self.begin_to_close();
    self.give_up();
  });
}

void endpoint::wait_closed(detail::closed_handler handler) {
  const bool to_the_end = !session_->called_by_user_code();
  auto op = make_pending(std::move(handler), executor_, own_strand());
  on_strand(*this, own_strand(), [op, to_the_end](endpoint& self) {
    const bool over = self.state() == candidate_state::closed;
    const bool ending = self.state() != candidate_state::live;
    if (over || (ending && !to_the_end)) return op->complete(self.failure_);
    wait_in(to_the_end ? self.until_closed_ : self.until_closing_, op);
  });
}

void endpoint::begin_to_close() {
  if (state() != candidate_state::live) return;
  state_.store(candidate_state::closing, std::memory_order_release);
  complete(until_closing_, failure_);
}

void endpoint::fail(error_code e) {
  failure_ = e;
  begin_to_close();
}

void endpoint::closed() {
  state_.store(candidate_state::closed, std::memory_order_release);
  complete(closing_, {});
  complete(until_closing_, failure_);
  complete(until_closed_, failure_);
}

void endpoint::wait_in(waiting& w, std::shared_ptr<pending<error_code>> op) {
  std::erase_if(w, [](const auto& o) { return o->done(); });
  w.push_back(std::move(op));
}

void endpoint::complete(waiting& w, error_code e) {
  for (auto& op : std::exchange(w, {})) op->complete(e);
}

}  // namespace neli::shell
