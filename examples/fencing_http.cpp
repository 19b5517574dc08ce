// SPDX-License-Identifier: BSL-1.0
// Fencing by a header of HTTP: a server refuses the late write of a leader that was overtaken.
// docs/fencing.md says why.
#include "broker.hpp"
#include <neli/neli.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using asio::ip::tcp;

//[put
struct resource {
  std::uint64_t highest_token = 0;
  std::string value;
};

/// Nothing is awaited here: on the server's one thread comparison and write are one step.
http::status put(resource& target, const http::request<http::string_body>& request) {
  const auto field = request["Fencing-Token"];
  std::uint64_t token = 0;
  const auto parsed = std::from_chars(field.begin(), field.end(), token);
  if (parsed.ec != std::errc{} || parsed.ptr != field.end())
    return http::status::precondition_required;
  if (token < target.highest_token) return http::status::precondition_failed;
  target.highest_token = token;
  target.value = request.body();
  return http::status::no_content;
}
//]

asio::awaitable<void> serve(tcp::acceptor& acceptor) {
  resource target;
  while (true) {
    auto socket = co_await acceptor.async_accept(asio::deferred);
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> request;
    co_await http::async_read(socket, buffer, request, asio::deferred);
    http::response<http::empty_body> answer{put(target, request), request.version()};
    answer.prepare_payload();
    co_await http::async_write(socket, answer, asio::deferred);
  }
}

asio::awaitable<void> write(tcp::endpoint server, std::string value, neli::term term) {
  tcp::socket socket{co_await asio::this_coro::executor};
  co_await socket.async_connect(server, asio::deferred);
  http::request<http::string_body> request{http::verb::put, "/", 11, value};
  request.set(http::field::host, server.address().to_string());
  request.set("Fencing-Token", std::to_string(term.token()));
  request.prepare_payload();
  co_await http::async_write(socket, request, asio::deferred);

  boost::beast::flat_buffer buffer;
  http::response<http::empty_body> answer;
  co_await http::async_read(socket, buffer, answer, asio::deferred);
  std::cout << value << " with token " << term.token() << ": " << answer.result_int() << ' '
            << answer.reason() << std::endl;
}

asio::awaitable<void> hand_over(neli::config config, tcp::endpoint server) {
  const auto executor = co_await asio::this_coro::executor;
  neli::candidate first{executor, config};
  co_await first.pulse();
  const auto first_term = first.term().value();
  co_await write(server, "the first's", first_term);

  neli::candidate second{executor, config};
  co_await first.close();
  co_await second.pulse();
  co_await write(server, "the second's", second.term().value());

  // This write was on its way when the first leader was overtaken.
  co_await write(server, "the first's late one", first_term);
  co_await second.close();
}

asio::awaitable<void> story(neli::config config) {
  config.lease = 1s;  // the first leader of a new topic waits for as long
  tcp::acceptor acceptor{co_await asio::this_coro::executor, {asio::ip::address_v4::loopback(), 0}};
  co_await (hand_over(std::move(config), acceptor.local_endpoint()) || serve(acceptor));
}

/// Throws out of `context.run()`.
void rethrow(std::exception_ptr e) {
  if (e) std::rethrow_exception(e);
}

int main(int argc, char** argv) {
  broker kafka{argc, argv};
  asio::io_context context{1};
  asio::co_spawn(context, story(kafka.config("fencing-http")), rethrow);
  context.run();
}
