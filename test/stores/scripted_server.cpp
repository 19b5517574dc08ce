// SPDX-License-Identifier: BSL-1.0
#include "stores/scripted_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>

#include <chrono>
#include <utility>

namespace neli::test {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

scripted_server::scripted_server(asio::io_context& c)
    : context_{c},
      acceptor_{std::make_shared<tcp::acceptor>(
          c, tcp::endpoint{asio::ip::make_address("127.0.0.1"), 0})} {
  asio::co_spawn(context_, accept(), asio::detached);
}

scripted_server::~scripted_server() {
  *alive_ = false;
  acceptor_->close();
  hang_up();
}

std::string scripted_server::address() const {
  return "127.0.0.1:" + std::to_string(acceptor_->local_endpoint().port());
}

void scripted_server::hang_up() {
  for (const auto& s : std::exchange(open_, {})) s->close();
}

asio::awaitable<void> scripted_server::accept() {
  const auto alive = alive_;
  const auto acceptor = acceptor_;
  while (*alive) {
    auto [error, socket] = co_await acceptor->async_accept(as_tuple);
    if (error || !*alive) break;
    ++connections;
    const auto made = std::make_shared<tcp::socket>(std::move(socket));
    open_.insert(made);
    asio::co_spawn(context_, serve(made), asio::detached);
  }
}

asio::awaitable<void> scripted_server::serve(std::shared_ptr<tcp::socket> s) {
  const auto alive = alive_;
  beast::flat_buffer buffer;
  asio::steady_timer soon{context_};
  for (;;) {
    request q;
    const auto [failed, read] = co_await beast::http::async_read(*s, buffer, q, as_tuple);
    if (failed || !*alive) break;
    asked.push_back(q);
    std::string text;
    while ((text = answer(q)).empty()) {
      soon.expires_after(std::chrono::milliseconds{5});
      co_await soon.async_wait(asio::use_awaitable);
      if (!*alive || !s->is_open()) co_return;
    }
    const auto [error, written] = co_await asio::async_write(*s, asio::buffer(text), as_tuple);
    if (error || !*alive) break;
    if (text.find("Connection: close") != text.npos) {
      s->close();
      break;
    }
  }
  if (*alive) open_.erase(s);
}

std::string http_answer(const std::string& status, const std::string& body,
                        const std::string& more_headers) {
  return "HTTP/1.1 " + status + "\r\n" + more_headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace neli::test
