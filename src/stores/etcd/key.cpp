// SPDX-License-Identifier: BSL-1.0
#include "stores/etcd/key.hpp"

#include <stdexcept>
#include <utility>

namespace neli::stores::etcd {

key::key(const asio::any_io_executor& on, const std::shared_ptr<const access>& a, std::string name)
    : name_{std::move(name)}, commands_{on, a}, watch_{on, a, name_} {}

asio::awaitable<register_value> key::load() {
  auto s = looked(co_await commands_.call("kv/range", look_request(name_)));
  know(s);
  co_return std::move(s.value);
}

asio::awaitable<register_swap> key::compare_and_swap(std::string expected, std::string bytes) {
  const auto was = stamp::of(expected);
  auto a = swapped(co_await commands_.call("kv/txn", swap_request(name_, was, bytes)));
  if (!expected.empty() && a.now.cluster != was.cluster)
    throw std::runtime_error{"etcd at " + commands_.server() + " is another cluster than before"};
  if (a.swapped)
    // The transaction's revision is that of its one write.
    a.now.value.version =
        stamp{a.now.cluster, was.modified == 0 ? a.now.at : was.created, a.now.at}.version();
  know(a.now);
  co_return register_swap{a.swapped, std::move(a.now.value)};
}

asio::awaitable<std::optional<register_value>> key::wait_for_change(std::string version) {
  auto since = at_;
  if (version != version_ || at_ == 0) {
    if (version.empty()) co_return std::nullopt;  // since when there is none is not known
    since = stamp::of(version).modified;
  }
  auto s = co_await watch_.next(since);
  if (!s) co_return std::nullopt;
  if (s->at > at_) know(*s);
  co_return std::move(s->value);
}

void key::know(const sight& s) {
  version_ = s.value.version;
  at_ = s.at;
}

}  // namespace neli::stores::etcd
