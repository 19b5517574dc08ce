// SPDX-License-Identifier: BSL-1.0
// What Consul's answers become, and what is asked of it: on a stand-in, and on scripts.
#include "stores/consul_stand_in.hpp"
#include <neli/error.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace neli::test {

namespace {

using boost::system::system_error;

bool says(const std::exception& e, const std::string& part) {
  return std::string{e.what()}.find(part) != std::string::npos;
}

template <class T>
void check_ends_with(consul_registers& in, asio::awaitable<T> operation, errc code,
                     const std::string& text) {
  BOOST_CHECK_EXCEPTION(in.run(std::move(operation)), error, [&](const error& e) {
    BOOST_TEST_INFO(e.what());
    return e.code() == code && says(e, text);
  });
}

/// It answers every request so.
void script(consul_registers& in, const std::string& status, const std::string& body) {
  in.stand_in.server.answer = [=](const auto&) { return http_answer(status, body); };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(consul)

BOOST_AUTO_TEST_CASE(requests_have_the_key_the_token_and_the_datacenter) {
  consul_registers in{{.token = "t-1", .datacenter = "dc 2"}};
  const auto r = in.open();
  in.run(r->load());
  in.run(r->compare_and_swap("", "x"));
  const auto version = in.run(r->load()).version;
  const auto& asked = in.stand_in.server.asked;
  auto w = in.start(r->wait_for_change(version));
  in.until([&] { return asked.size() == 4; });
  w.cancel();
  w.await_end();
  BOOST_TEST(asked[0].target() == "/v1/kv/a%20key/%C3%A4%3F?consistent&dc=dc%202");
  BOOST_TEST(asked[1].target() == "/v1/txn?dc=dc%202");
  BOOST_TEST(asked[3].target() ==
             "/v1/kv/a%20key/%C3%A4%3F?index=" + version + "&wait=30000ms&dc=dc%202");
  for (const auto& q : asked) BOOST_TEST(q["X-Consul-Token"] == "t-1");
}

BOOST_AUTO_TEST_CASE(a_wait_goes_on_when_an_answer_comes_early_and_without_news) {
  consul_registers in;
  const auto r = in.open();
  in.run(r->compare_and_swap("", "x"));
  const auto v = in.run(r->load());
  int early = 3;
  auto& server = in.stand_in.server;
  server.answer = [&, really = server.answer](const auto& q) {
    if (q.target().find("index=") == q.target().npos || early == 0) return really(q);
    --early;
    return http_answer("200 OK", R"([{"Value":"eA==","ModifyIndex":)" + v.version + "}]",
                       "X-Consul-Index: " + v.version + "\r\n");
  };
  auto w = in.start(r->wait_for_change(v.version));
  in.until([&] { return early == 0; });
  BOOST_TEST(!w.is_done());
  BOOST_TEST(in.run(r->compare_and_swap(v.version, "y")).swapped);
  BOOST_TEST((w.await().value().bytes == "y"));
}

BOOST_AUTO_TEST_CASE(after_an_index_that_falls_a_wait_ends_and_the_next_begins_anew) {
  consul_registers in;
  const auto r = in.open();
  in.run(r->compare_and_swap("", "x"));
  const auto v = in.run(r->load());
  in.stand_in.count_anew();
  BOOST_TEST(!in.run(r->wait_for_change(v.version)));
  const auto now = in.run(r->load());
  BOOST_TEST(now.version != v.version);
  auto w = in.start(r->wait_for_change(now.version));
  in.pass(50ms);
  BOOST_TEST(!w.is_done());
  BOOST_TEST(in.run(r->compare_and_swap(now.version, "y")).swapped);
  w.await();
}

BOOST_AUTO_TEST_CASE(without_an_index_there_is_nothing_to_wait_with) {
  consul_registers in;
  script(in, "404 Not Found", "");
  const auto r = in.open();
  BOOST_TEST(in.run(r->load()).version.empty());
  const auto asked = in.stand_in.server.asked.size();
  BOOST_TEST(!in.run(r->wait_for_change("")));
  BOOST_TEST(in.stand_in.server.asked.size() == asked);
}

BOOST_AUTO_TEST_CASE(a_wait_ends_when_a_server_keeps_it_for_too_long) {
  consul_registers in;
  const auto r = in.open();
  in.run(r->compare_and_swap("", "x"));
  const auto version = in.run(r->load()).version;
  in.access->wait = in.access->servers.answer_limit = 50ms;
  BOOST_CHECK_EXCEPTION(in.run(r->wait_for_change(version)), system_error,
                        [](const auto& e) { return e.code() == asio::error::timed_out; });
}

BOOST_AUTO_TEST_CASE(what_a_token_may_not_do_ends_candidates) {
  consul_registers in;
  script(in, "403 Forbidden", "Permission denied: token lacks permission 'key:read'");
  check_ends_with(in, in.open()->load(), errc::not_authorized, "lacks permission 'key:read'");
  // For a transaction that is a conflict.
  script(in, "409 Conflict",
         R"({"Results":null,"Errors":[{"OpIndex":0,"What":"Permission denied: no"}]})");
  check_ends_with(in, in.open()->compare_and_swap("", "x"), errc::not_authorized,
                  "Permission denied: no");
}

BOOST_AUTO_TEST_CASE(what_consul_does_not_take_ends_candidates) {
  consul_registers in;
  script(in, "413 Request Entity Too Large", "Request body too large, max size: 524288 bytes");
  check_ends_with(in, in.open()->compare_and_swap("", "x"), errc::unusable_ledger, "too large");
  script(in, "404 Not Found", "404 page not found");
  check_ends_with(in, in.open()->load(), errc::unusable_ledger, "404 page not found");
}

BOOST_AUTO_TEST_CASE(other_errors_are_trouble_with_consuls_text) {
  consul_registers in;
  script(in, "500 Internal Server Error", "No cluster leader");
  BOOST_CHECK_EXCEPTION(in.run(in.open()->load()), system_error, [](const auto& e) {
    return !dynamic_cast<const error*>(&e) && e.code() == error_code(500, consul_category()) &&
           says(e, "No cluster leader");
  });
  script(in, "409 Conflict", R"({"Errors":[{"What":"something else"}]})");
  BOOST_CHECK_EXCEPTION(in.run(in.open()->compare_and_swap("", "x")), system_error,
                        [](const auto& e) { return says(e, "something else"); });
  for (const auto* body : {"<html>", "[]", "[7]", "{}", R"([{"ModifyIndex":1}])"}) {
    script(in, "200 OK", body);
    BOOST_CHECK_THROW(in.run(in.open()->load()), std::exception);
    BOOST_CHECK_THROW(in.run(in.open()->compare_and_swap("", "x")), std::exception);
  }
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_work_are_refused) {
  using stores::consul::check_key;
  using stores::consul::make_access;
  const auto refused = [](const std::string& field) {
    return [=](const config_error& e) { return e.field() == field && !says(e, "secret"); };
  };
  BOOST_CHECK_EXCEPTION(make_access({}, 3s), config_error, refused("consul.addresses"));
  BOOST_CHECK_EXCEPTION(make_access({.addresses = {"a"}}, 3s), config_error,
                        refused("consul.addresses"));
  BOOST_CHECK_EXCEPTION(make_access({.addresses = {"a:1"}, .token = "secret\r\nX: y"}, 3s),
                        config_error, refused("consul.token"));
  BOOST_CHECK_EXCEPTION(
      make_access({.addresses = {"a:1"}, .tls = neli::tls{.ca_file = "/no/such/file"}}, 3s),
      config_error, refused("consul.tls.ca_file"));
  for (const std::string& key :
       {std::string{}, std::string{"/a"}, std::string{"a/"}, std::string{"a//b"},
        std::string{"a/../b"}, std::string{"."}, std::string(513, 'x')})
    BOOST_CHECK_EXCEPTION(check_key(key), config_error, refused("ledger"));
  check_key("my-app/leader");
  check_key(std::string(512, 'x'));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
