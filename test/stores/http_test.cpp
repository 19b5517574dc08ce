// SPDX-License-Identifier: BSL-1.0
// The client that the stores which speak HTTP share, on scripted servers.
#include "stores/http/base64.hpp"
#include "stores/http/client.hpp"
#include "stores/http/endpoint.hpp"
#include "stores/net/refusals.hpp"
#include "stores/register_contract.hpp"
#include "stores/scripted_server.hpp"
#include <neli/error.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/socket.h>

#include <string>
#include <vector>

namespace neli::test {

namespace {

using namespace std::chrono_literals;
using boost::system::system_error;
using stores::http::client;
using stores::http::request;
using tcp = boost::asio::ip::tcp;

/// A port that nobody listens at.
std::string nobody(asio::io_context& c) {
  const tcp::acceptor gone{c, {asio::ip::make_address("127.0.0.1"), 0}};
  return "127.0.0.1:" + std::to_string(gone.local_endpoint().port());
}

/// It lets nobody in: the system does not answer those who knock.
class full_house {
 public:
  explicit full_house(asio::io_context& c) : acceptor_{c} {
    acceptor_.open(tcp::v4());
    acceptor_.bind({asio::ip::make_address("127.0.0.1"), 0});
    acceptor_.listen(0);
    for (int n = 0; n < 4; ++n) {
      auto& waits = waiting_.emplace_back(c);
      waits.open(tcp::v4());
      waits.native_non_blocking(true);
      // Asio would wait for the outcome.
      const auto there = acceptor_.local_endpoint();
      ::connect(waits.native_handle(), there.data(), static_cast<::socklen_t>(there.size()));
    }
  }
  std::string address() const {
    return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }

 private:
  tcp::acceptor acceptor_;
  std::vector<tcp::socket> waiting_;
};

struct http_fixture {
  asio::io_context context;
  scripted_server server{context};
  scripted_server other{context};
  const std::shared_ptr<stores::http::servers> servers = std::make_shared<stores::http::servers>(
      stores::http::servers{.endpoints = {}, .tls = {}, .connect_limit = 30s, .answer_limit = 30s});

  http_fixture() {
    server.answer = [](const request&) { return http_answer("200 OK", "first"); };
    other.answer = [](const request&) { return http_answer("200 OK", "second"); };
  }

  client to(const std::vector<std::string>& addresses) {
    servers->endpoints.clear();
    for (const auto& a : addresses)
      servers->endpoints.push_back(stores::http::parse_endpoint("x", a, false));
    return {context.get_executor(), servers};
  }
  contract::started<stores::http::response> start(client& c) {
    request q;
    q.method(boost::beast::http::verb::post);
    q.target("/there");
    q.body() = "asked";
    return {context, context.get_executor(), c.exchange(q)};
  }
  std::string body(client& c) { return start(c).await().body(); }
  std::string error(client& c) {
    try {
      body(c);
    } catch (const system_error& e) {
      return e.what();
    }
    return {};
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_client, http_fixture)

BOOST_AUTO_TEST_CASE(one_connection_serves_one_exchange_after_another) {
  auto c = to({server.address()});
  for (int n = 0; n < 3; ++n) BOOST_TEST(body(c) == "first");
  BOOST_TEST(server.connections == 1);
  BOOST_TEST(server.asked.size() == 3u);
  BOOST_TEST(server.asked[0].body() == "asked");
  BOOST_TEST(server.asked[0][boost::beast::http::field::host] == server.address());
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_has_ended_meanwhile_is_made_anew) {
  auto c = to({server.address()});
  body(c);
  server.hang_up();
  BOOST_TEST(body(c) == "first");
  BOOST_TEST(server.connections == 2);
}

BOOST_AUTO_TEST_CASE(a_connection_is_not_used_again_when_the_server_says_so) {
  server.answer = [](const request&) {
    return http_answer("200 OK", "last", "Connection: close\r\n");
  };
  auto c = to({server.address()});
  for (int n = 0; n < 2; ++n) BOOST_TEST(body(c) == "last");
  BOOST_TEST(server.connections == 2);
}

BOOST_AUTO_TEST_CASE(an_answer_may_end_with_its_connection_or_come_in_chunks) {
  auto c = to({server.address()});
  server.answer = [](const request&) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end";
  };
  BOOST_TEST(body(c) == "to the end");
  server.answer = [](const request&) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n"
           "3\r\nin \r\n6\r\nchunks\r\n0\r\nX: y\r\n\r\n";
  };
  for (int n = 0; n < 2; ++n) BOOST_TEST(body(c) == "in chunks");
  BOOST_TEST(server.connections == 2);
}

BOOST_AUTO_TEST_CASE(where_no_server_is_the_error_names_each_and_the_systems_text) {
  const auto a = nobody(context);
  const auto b = nobody(context);
  auto c = to({a, b});
  const auto text = error(c);
  BOOST_TEST(contains(text, a + ": connecting"));
  BOOST_TEST(contains(text, b + ": connecting"));
  BOOST_TEST(contains(text, "Connection refused"));
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there_is_passed_over_and_one_that_answers_is_kept) {
  auto c = to({nobody(context), server.address(), other.address()});
  for (int n = 0; n < 3; ++n) BOOST_TEST(body(c) == "first");
}

BOOST_AUTO_TEST_CASE(a_server_that_lets_nobody_in_is_passed_over) {
  const full_house full{context};
  auto c = to({full.address(), server.address()});
  servers->connect_limit = 300ms;
  // A busy machine may let nobody into the other one either, for a while.
  while (!error(c).empty()) {
  }
  BOOST_TEST(body(c) == "first");
}

BOOST_AUTO_TEST_CASE(after_a_server_that_does_not_answer_the_next_exchange_is_with_the_next) {
  server.answer = [](const request&) { return std::string{}; };
  auto c = to({server.address(), other.address()});
  servers->answer_limit = 100ms;
  BOOST_TEST(
      contains(error(c), server.address() + ": waiting for an answer: Connection timed out"));
  // Not done again by itself, as the server may have done it.
  BOOST_TEST(other.asked.empty());
  servers->answer_limit = 30s;
  BOOST_TEST(body(c) == "second");
}

BOOST_AUTO_TEST_CASE(an_exchange_that_is_cancelled_ends_and_the_next_is_with_the_next_server) {
  server.answer = [](const request&) { return std::string{}; };
  auto c = to({server.address(), other.address()});
  auto s = start(c);
  run_until(context, [&] { return !server.asked.empty(); });
  s.cancel();
  BOOST_CHECK_THROW(s.await(), system_error);
  BOOST_TEST(body(c) == "second");
}

BOOST_AUTO_TEST_CASE(what_is_no_http_is_an_error) {
  server.answer = [](const request&) { return "SSH-2.0-OpenSSH_9.2\r\n\r\n"; };
  auto c = to({server.address()});
  BOOST_TEST(contains(error(c), server.address() + ": waiting for an answer: bad version"));
}

BOOST_AUTO_TEST_CASE(a_host_is_looked_up) {
  auto c = to({"localhost:" + server.address().substr(server.address().find(':') + 1)});
  BOOST_TEST(body(c) == "first");
  auto wrong = to({"no-such-host.invalid:1"});
  BOOST_TEST(contains(error(wrong), "no-such-host.invalid:1: connecting: "));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(http_parts)

BOOST_AUTO_TEST_CASE(an_endpoint_is_a_host_and_a_port_with_a_scheme_or_without) {
  const auto read = [](const std::string& given, bool tls = false) {
    const auto e = stores::http::parse_endpoint("x", given, tls);
    return (e.secure ? "secure " : "") + e.host + " " + e.port + " " + e.authority();
  };
  BOOST_TEST(read("etcd-1.example:2379") == "etcd-1.example 2379 etcd-1.example:2379");
  BOOST_TEST(read("http://10.0.0.1:80/") == "10.0.0.1 80 10.0.0.1:80");
  BOOST_TEST(read("https://[::1]:443") == "secure ::1 443 [::1]:443");
  BOOST_TEST(read("a:1", true) == "secure a 1 a:1");
}

BOOST_DATA_TEST_CASE(what_is_no_endpoint_is_refused_with_field_value_and_rule,
                     boost::unit_test::data::make({"", "host", "host:", ":1", "host:0",
                                                   "host:65536", "host:1x", "ftp://host:1", "::1:2",
                                                   "host:1/path", "ho st:1", "host\r\n:1"}),
                     given) {
  BOOST_CHECK_EXCEPTION(stores::http::parse_endpoint("etcd.endpoints", given, false), config_error,
                        [&](const config_error& e) {
                          return e.field() == "etcd.endpoints" && e.value() == given &&
                                 !e.rule().empty();
                        });
}

BOOST_AUTO_TEST_CASE(a_password_in_an_endpoint_is_not_shown) {
  BOOST_CHECK_EXCEPTION(stores::http::parse_endpoint("x", "http://me:secret@host:1", false),
                        config_error,
                        [](const config_error& e) { return !contains(e.what(), "secret"); });
}

BOOST_AUTO_TEST_CASE(plain_http_is_refused_where_tls_is_set) {
  BOOST_CHECK_THROW(stores::http::parse_endpoint("x", "http://a:1", true), config_error);
}

BOOST_AUTO_TEST_CASE(base64_gives_back_what_was_put_in) {
  using namespace stores::http;
  BOOST_TEST(to_base64("any carnal pleas") == "YW55IGNhcm5hbCBwbGVhcw==");
  for (const std::string& s : {std::string{}, std::string(1, '\0'), std::string{"\xff\xfe"},
                               std::string{"abc"}, std::string(1000, '\0')})
    BOOST_TEST((from_base64(to_base64(s)) == s));
  for (const auto* no : {"a", "????", "YQ="})
    BOOST_CHECK_THROW(from_base64(no), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_trouble_until_nothing_else_was_heard_for_long_enough) {
  const auto refuse = [](stores::net::refusals& r) {
    r.refused(asio::error::access_denied, errc::not_authorized, "no");
  };
  stores::net::refusals patient{1h};
  BOOST_CHECK_EXCEPTION(refuse(patient), system_error,
                        [](const auto& e) { return e.code() == asio::error::access_denied; });
  stores::net::refusals hasty{0ms};
  BOOST_CHECK_EXCEPTION(refuse(hasty), error, [](const auto& e) {
    return e.code() == errc::not_authorized && e.what() == std::string{"no"};
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
