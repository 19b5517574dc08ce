// SPDX-License-Identifier: BSL-1.0
#include "stores/etcd/watch.hpp"

#include <stdexcept>
#include <utility>

namespace neli::stores::etcd {

watch::watch(const asio::any_io_executor& on, std::shared_ptr<const access> a, std::string key)
    : access_{a}, key_{std::move(key)}, gateway_{on, std::move(a)} {}

asio::awaitable<std::optional<sight>> watch::next(revision after) {
  // It stays off if anything throws here.
  const bool was_on = std::exchange(is_on_, false);
  if (!was_on || after < told_) co_await start(after);
  for (;;) {
    const auto line = co_await gateway_.next_line(access_->silence);
    if (!line) co_return std::nullopt;
    const auto n = watched(*line);
    if (n.cancelled) {
      gateway_.close();
      if (n.compacted) co_return std::nullopt;
      if (is_granted_ || !gateway_.forget_login())
        throw std::runtime_error{"etcd at " + gateway_.server() +
                                 ": the watch was cancelled: " + n.reason};
      co_await start(after);
      continue;
    }
    is_granted_ = true;
    if (!n.last) continue;
    told_ = n.last->at;
    if (told_ <= after) continue;
    is_on_ = true;
    co_return n.last;
  }
}

asio::awaitable<void> watch::start(revision after) {
  is_granted_ = false;
  told_ = after;
  co_await gateway_.start("watch", etcd::watch_request(key_, after + 1));
}

}  // namespace neli::stores::etcd
