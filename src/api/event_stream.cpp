// SPDX-License-Identifier: BSL-1.0
#include "shell/pending.hpp"
#include "shell/subscription.hpp"
#include <neli/event_stream.hpp>

#include <boost/asio/dispatch.hpp>

#include <utility>

namespace neli {

namespace {

void end(const std::shared_ptr<shell::subscription<event>>& s) {
  if (!s) return;
  asio::dispatch(s->get_strand(), [s] { s->end(errc::closed); });
}

}  // namespace

event_stream& event_stream::operator=(event_stream&& other) noexcept {
  event_stream taken{std::move(other)};  // whose destructor ends the old one
  taken.subscription_.swap(subscription_);
  return *this;
}

event_stream::~event_stream() { end(subscription_); }

const asio::any_io_executor& detail::executor_of(const shell::subscription<event>& s) noexcept {
  return s.executor();
}

bool detail::take(shell::subscription<event>& s, event& e) { return s.take(e); }

void detail::async_next(const event_subscription& s, next_handler handler) {
  auto op = shell::make_pending(std::move(handler), s->executor(), s->get_strand());
  asio::dispatch(s->get_strand(), [s, op] { s->next(op); });
}

}  // namespace neli
