// SPDX-License-Identifier: BSL-1.0
#include "stores/etcd/gateway.hpp"

#include <neli/error.hpp>
#include <neli/stores/etcd.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace neli::stores::etcd {

using boost::system::error_code;
using boost::system::system_error;

namespace {

// Of gRPC's codes.
constexpr int invalid_argument = 3;
constexpr int permission_denied = 7;
constexpr int failed_precondition = 9;
constexpr int unimplemented = 12;
constexpr int unauthenticated = 16;

bool is_about_login(int code) { return code == unauthenticated || code == invalid_argument; }

/// etcd has one code for all that it does not take. "user name is empty" means that it wants one.
errc meant(const refusal& r) {
  switch (r.code) {
    case invalid_argument:
      return r.text.find("user") == r.text.npos ? errc::unusable_ledger : errc::not_authorized;
    case unimplemented: return errc::unusable_ledger;
    default: return errc::not_authorized;
  }
}

}  // namespace

gateway::gateway(const asio::any_io_executor& on, std::shared_ptr<const access> a)
    : access_{std::move(a)},
      client_{on, std::shared_ptr<const http::servers>{access_, &access_->servers}},
      refusals_{access_->patience} {}

asio::awaitable<json::object> gateway::call(std::string method, std::string body) {
  for (;;) {
    co_await be_logged_in();
    const auto answer = co_await exchange(post(method, body));
    if (answer.result_int() == 200) {
      refusals_.over();
      co_return parse(answer.body());
    }
    const auto r = refused(answer.result_int(), answer.body());
    if (!is_about_login(r.code) || !forget_login()) fail(r);
  }
}

asio::awaitable<void> gateway::start(std::string method, std::string body) {
  client_.close();
  text_.clear();
  co_await be_logged_in();
  const auto status = co_await client_.start(post(method, std::move(body)));
  if (status == 200) co_return;
  const auto said = co_await client_.more(access_->servers.answer_limit);
  forget_login();
  client_.close();
  fail(refused(status, said));
}

asio::awaitable<std::optional<json::object>> gateway::next_line(milliseconds limit) {
  std::size_t end = 0;
  while ((end = text_.find('\n')) == text_.npos) {
    std::string more;
    try {
      more = co_await client_.more(limit);
    } catch (const system_error& e) {
      if (e.code() == asio::error::timed_out) co_return std::nullopt;
      throw;
    }
    if (more.empty()) {
      // An error that ends all is a line without an end.
      if (text_.empty()) throw system_error{asio::error::eof, server()};
      more = "\n";
    }
    text_ += more;
  }
  auto line = parse(text_.substr(0, end));
  text_.erase(0, end + 1);
  if (const auto error = stream_error(line)) fail(*error);
  co_return line;
}

bool gateway::forget_login() {
  token_.clear();
  return !access_->user.empty() && !token_is_new_;
}

asio::awaitable<void> gateway::be_logged_in() {
  token_is_new_ = !access_->user.empty() && token_.empty();
  if (!token_is_new_) co_return;
  const auto answer =
      co_await exchange(post("auth/authenticate", login_request(access_->user, access_->password)));
  if (answer.result_int() != 200) fail_login(refused(answer.result_int(), answer.body()));
  token_ = token(parse(answer.body()));
}

http::request gateway::post(const std::string& method, std::string body) const {
  using boost::beast::http::field;
  http::request q;
  q.method(boost::beast::http::verb::post);
  q.target("/v3/" + method);
  q.set(field::content_type, "application/json");
  if (!token_.empty()) q.set(field::authorization, token_);
  // A member that has lost the others is to say so instead of watching in vain.
  q.set("Grpc-Metadata-hasleader", "true");
  q.body() = std::move(body);
  return q;
}

asio::awaitable<http::response> gateway::exchange(http::request q) {
  try {
    co_return co_await client_.exchange(std::move(q));
  } catch (...) {
    refusals_.over();
    throw;
  }
}

void gateway::fail_login(const refusal& r) {
  const auto text = server() + ": logging in as " + access_->user + ": " + r.text;
  if (is_about_login(r.code) || r.code == failed_precondition)
    refusals_.refused({r.code, etcd_category()}, errc::not_authorized, "etcd at " + text);
  fail({r.code, "logging in as " + access_->user + ": " + r.text});
}

void gateway::fail(const refusal& r) {
  const error_code code{r.code, etcd_category()};
  const auto text = "etcd at " + server() + ": " + r.text;
  if (is_about_login(r.code) || r.code == permission_denied || r.code == unimplemented)
    refusals_.refused(code, meant(r), text);
  refusals_.over();
  leave_server();
  throw system_error{code, text};
}

}  // namespace neli::stores::etcd
