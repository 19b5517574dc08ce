// SPDX-License-Identifier: BSL-1.0
#include "shell/handlers_service.hpp"

#include <boost/asio/execution/context.hpp>

namespace neli::shell {

asio::execution_context::id handlers_service::id;

handlers_service& handlers_service::of(const asio::any_io_executor& e) {
  return asio::use_service<handlers_service>(asio::query(e, asio::execution::context));
}

void handlers_service::add(waiting_handler& h) {
  const std::lock_guard lock{mutex_};
  waiting_.push_back(h);
}

void handlers_service::remove(waiting_handler& h) {
  const std::lock_guard lock{mutex_};
  if (h.is_linked()) waiting_.erase(waiting_.iterator_to(h));
}

void handlers_service::shutdown() {
  while (auto* h = take()) h->abandon();
}

waiting_handler* handlers_service::take() {
  const std::lock_guard lock{mutex_};
  if (waiting_.empty()) return nullptr;
  auto& first = waiting_.front();
  waiting_.pop_front();
  return &first;
}

}  // namespace neli::shell
