// SPDX-License-Identifier: BSL-1.0
#include "stores/consul/api.hpp"

#include <neli/error.hpp>
#include <neli/stores/consul.hpp>

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace neli::stores::consul {

using boost::beast::http::verb;
using boost::system::error_code;
using boost::system::system_error;

namespace {

// Of HTTP's.
constexpr unsigned ok = 200;
constexpr unsigned bad_request = 400;
constexpr unsigned forbidden = 403;
constexpr unsigned not_found = 404;
constexpr unsigned not_allowed = 405;
constexpr unsigned conflicting = 409;
constexpr unsigned too_large = 413;

bool is_denial(const std::string& text) {
  return text.find("Permission denied") != text.npos || text.find("ACL not found") != text.npos;
}

}  // namespace

api::api(const asio::any_io_executor& on, std::shared_ptr<const access> a, std::string key)
    : access_{std::move(a)},
      key_{std::move(key)},
      client_{on, std::shared_ptr<const http::servers>{access_, &access_->servers}},
      refusals_{access_->patience} {}

asio::awaitable<sight> api::look() {
  co_return take(
      co_await client_.exchange(make(verb::get, "/v1/kv/" + escaped(key_), "consistent")));
}

asio::awaitable<sight> api::look_after(index last) {
  // Consul adds up to a sixteenth, so that not all queries end at once.
  const auto limit = access_->wait + access_->wait / 16 + access_->servers.answer_limit;
  auto query = "index=" + std::to_string(std::max<index>(last, 1)) +
               "&wait=" + std::to_string(access_->wait.count()) + "ms";
  co_return take(
      co_await client_.wait(make(verb::get, "/v1/kv/" + escaped(key_), std::move(query)), limit));
}

asio::awaitable<std::string> api::swap(index expected, std::string bytes) {
  auto q = make(verb::put, "/v1/txn", {});
  q.body() = swap_request(key_, expected, bytes);
  const auto a = co_await client_.exchange(std::move(q));
  const auto status = a.result_int();
  if (status == ok) {
    refusals_.over();
    co_return swapped(a);
  }
  if (status != conflicting) fail(status, said(a));
  // What its steps may not do is a conflict, too.
  const auto c = conflicted(a);
  if (!c.is_stale) fail(status, c.text);
  refusals_.over();
  co_return std::string{};
}

http::request api::make(verb v, const std::string& path, std::string query) const {
  if (!access_->datacenter.empty())
    query += (query.empty() ? "dc=" : "&dc=") + escaped(access_->datacenter);
  http::request q;
  q.method(v);
  q.target(query.empty() ? path : path + "?" + query);
  if (!access_->token.empty()) q.set("X-Consul-Token", access_->token);
  return q;
}

sight api::take(const http::response& a) {
  const auto status = a.result_int();
  // Consul has nothing to say of a key that is not there.
  const bool is_absent = status == not_found && a.body().empty();
  if (status != ok && !is_absent) fail(status, said(a));
  refusals_.over();
  return looked(a);
}

void api::fail(unsigned status, const std::string& said) {
  const error_code code{static_cast<int>(status), consul_category()};
  const auto text = "Consul at " + client_.server() + ": " + said;
  switch (is_denial(said) ? forbidden : status) {
    case forbidden: refusals_.refused(code, errc::not_authorized, text);
    case bad_request:
    case not_found:
    case not_allowed:
    case too_large: refusals_.refused(code, errc::unusable_ledger, text);
    default: break;
  }
  refusals_.over();
  client_.leave_server();
  throw system_error{code, text};
}

}  // namespace neli::stores::consul
