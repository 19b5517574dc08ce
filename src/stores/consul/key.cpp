// SPDX-License-Identifier: BSL-1.0
#include "stores/consul/key.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace neli::stores::consul {

namespace {

/// After an answer without news: Consul asks its clients not to ask again at once.
constexpr milliseconds between_queries{50};

}  // namespace

key::key(const asio::any_io_executor& on, const std::shared_ptr<const access>& a,
         const std::string& name)
    : commands_{on, a, name}, queries_{on, a, name}, pause_{on} {}

asio::awaitable<register_value> key::load() {
  auto s = co_await commands_.look();
  know(s);
  co_return std::move(s.value);
}

asio::awaitable<register_swap> key::compare_and_swap(std::string expected, std::string bytes) {
  auto version = co_await commands_.swap(index_of(expected), std::move(bytes));
  if (version.empty()) co_return register_swap{};
  sight s;
  s.value.version = std::move(version);
  s.at = index_of(s.value.version);
  know(s);
  co_return register_swap{true, std::move(s.value)};
}

asio::awaitable<std::optional<register_value>> key::wait_for_change(std::string version) {
  auto last = version == version_ && at_ != 0 ? at_ : index_of(version);
  while (last != 0) {
    auto s = co_await queries_.look_after(last);
    // An index that falls: the servers have been restored from a backup.
    if (s.at < last) break;
    if (s.value.version != version) {
      know(s);
      co_return std::move(s.value);
    }
    last = s.at;
    pause_.expires_after(between_queries);
    co_await pause_.async_wait(asio::use_awaitable);
  }
  // Where to begin is not known: a load tells.
  at_ = 0;
  co_return std::nullopt;
}

void key::know(const sight& s) {
  version_ = s.value.version;
  at_ = s.at;
}

}  // namespace neli::stores::consul
