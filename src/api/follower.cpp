// SPDX-License-Identifier: BSL-1.0
#include "shell/follower.hpp"

#include "api/open.hpp"
#include "shell/open.hpp"
#include <neli/follower.hpp>

#include <boost/asio/dispatch.hpp>

#include <utility>

namespace neli {

follower::follower(asio::any_io_executor executor, neli::config given) {
  const auto made = open(executor, std::move(given), stores::use::following);
  follower_ = shell::follow(made.session, *made.config);
}

follower& follower::operator=(follower&& other) noexcept {
  follower{std::move(other)}.follower_.swap(follower_);  // whose destructor ends the old one
  return *this;
}

follower::~follower() {
  if (follower_) follower_->drop();
}

follower::executor_type follower::get_executor() const noexcept { return follower_->executor(); }
std::optional<leader_info> follower::leader() const { return follower_->leader(); }

namespace detail {

void async_next(const std::shared_ptr<shell::follower>& f, change_handler handler) {
  const auto& changes = f->changes();
  auto op = shell::make_pending(std::move(handler), f->executor(), changes->get_strand());
  asio::dispatch(changes->get_strand(), [changes, op] { changes->next(op); });
}

void async_close(const std::shared_ptr<shell::follower>& f, closed_handler handler) {
  f->close(std::move(handler));
}

void async_wait_closed(const std::shared_ptr<shell::follower>& f, closed_handler handler) {
  f->wait_closed(std::move(handler));
}

}  // namespace detail

}  // namespace neli
