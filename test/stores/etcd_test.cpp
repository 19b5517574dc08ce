// SPDX-License-Identifier: BSL-1.0
// What happens to a real etcd, and what its answers become.
#include "stores/etcd_fixture.hpp"
#include "stores/scripted_server.hpp"
#include <neli/config.hpp>
#include <neli/error.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <utility>

namespace neli::test {

namespace {

using boost::system::system_error;
using stores::etcd::access;

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

/// With so little patience that the first refusal is the last.
access hasty(const neli::etcd& how) {
  auto a = *stores::etcd::make_access(how, 15s);
  a.patience = 0ms;
  return a;
}
/// Whether an operation throws what ends a candidate, with this code and text.
template <class T>
void check_ends(etcd_registers& in, asio::awaitable<T> operation, errc code,
                const std::string& text) {
  BOOST_CHECK_EXCEPTION(in.run(std::move(operation)), error, [&](const error& e) {
    BOOST_TEST_INFO(e.what());
    return e.code() == code && has(e.what(), text);
  });
}

std::string write(etcd_registers& in, shared_register& r, const std::string& expected,
                  const std::string& bytes) {
  const auto s = in.run(r.compare_and_swap(expected, bytes));
  BOOST_TEST_REQUIRE(s.swapped);
  return s.present->version;
}

/// The_etcd stands still.
struct stop_the_clock {
  stop_the_clock() { the_etcd().pause(); }
  ~stop_the_clock() { the_etcd().resume(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(etcd)

// --- a server that is in trouble ---

BOOST_AUTO_TEST_CASE(while_a_server_stands_still_operations_end_and_afterwards_they_work) {
  etcd_registers in;
  const auto r = in.open();
  const auto version = write(in, *r, "", "one");
  auto& limit = in.access->servers.answer_limit;
  const auto usual = std::exchange(limit, 200ms);
  {
    const stop_the_clock stopped;
    BOOST_CHECK_EXCEPTION(in.run(r->load()), system_error, [](const auto& e) {
      return !dynamic_cast<const error*>(&e) && has(e.what(), "timed out");
    });
    BOOST_CHECK_THROW(in.run(r->compare_and_swap(version, "two")), system_error);
    BOOST_CHECK_THROW(in.run(r->wait_for_change(version)), system_error);
  }
  limit = usual;
  // The swap may be written yet, or not.
  BOOST_TEST(!in.run(r->load()).version.empty());
}

BOOST_AUTO_TEST_CASE(a_watch_that_is_told_nothing_ends_and_the_next_one_goes_on) {
  etcd_registers in;
  in.access->silence = 200ms;
  const auto r = in.open();
  const auto first = write(in, *r, "", "one");
  BOOST_TEST(!in.run(r->wait_for_change(first)));
  write(in, *r, first, "two");
  std::optional<register_value> v;
  while (!v) v = in.run(r->wait_for_change(first));
  BOOST_TEST(v->bytes == "two");
}

BOOST_AUTO_TEST_CASE(after_a_restart_all_is_as_before) {
  etcd_registers in;
  const auto r = in.open();
  const auto version = write(in, *r, "", "one");
  auto w = in.start(r->wait_for_change(version));
  in.pass(50ms);
  the_etcd().stop();
  w.await_end();
  BOOST_CHECK_THROW(in.run(r->load()), system_error);
  the_etcd().start();
  BOOST_TEST(in.run(r->load()).version == version);
  auto again = in.start(r->wait_for_change(version));
  in.pass(50ms);
  write(in, *r, version, "two");
  const auto v = again.await();
  BOOST_TEST((v && v->bytes == "two"));
}

BOOST_AUTO_TEST_CASE(a_wait_for_what_was_compacted_away_ends_and_a_later_one_works) {
  etcd_registers in;
  const auto r = in.open();
  const auto other = in.open();
  const auto first = write(in, *other, "", "one");
  in.run(r->load());
  const auto second = write(in, *other, first, "two");
  etcd_registers another_key;
  const auto elsewhere = another_key.open();
  const auto later = write(another_key, *elsewhere, write(another_key, *elsewhere, "", "x"), "y");
  const stores::etcd::json::object until{
      {"revision", std::to_string(stores::etcd::stamp::of(later).modified)}};
  in.call("kv/compaction", serialize(until));
  BOOST_TEST(!in.run(r->wait_for_change(first)));
  // The value's own revision is gone, too.
  BOOST_TEST(in.run(r->load()).version == second);
  auto w = in.start(r->wait_for_change(second));
  in.pass(50ms);
  BOOST_TEST(!w.is_done());
  write(in, *other, second, "three");
  BOOST_TEST((w.await().value().bytes == "three"));
}

// --- users ---

struct with_users {
  static access as(const std::string& user, const std::string& password) {
    return hasty(
        {.endpoints = {the_etcd_with_users().address()}, .user = user, .password = password});
  }
};

BOOST_AUTO_TEST_CASE(a_user_is_logged_in_and_logged_in_again_when_etcd_has_forgotten_that) {
  etcd_registers in{with_users::as("one", "p")};
  in.key = "one/" + in.key;
  const auto r = in.open();
  auto version = write(in, *r, "", "0");
  etcd_registers root{with_users::as("root", "r")};
  for (int n = 1; n < 3; ++n) {
    // It ends the user's tokens.
    root.call("auth/user/changepw", R"({"name":"one","password":"p"})");
    version = write(in, *r, version, std::to_string(n));
    root.call("auth/user/changepw", R"({"name":"one","password":"p"})");
    BOOST_TEST(in.run(r->load()).version == version);
    root.call("auth/user/changepw", R"({"name":"one","password":"p"})");
    auto w = in.start(r->wait_for_change(version));
    in.pass(200ms);
    version = write(in, *r, version, std::to_string(n) + " again");
    const auto v = w.await();
    if (v) BOOST_TEST(v->version == version);
  }
}

BOOST_AUTO_TEST_CASE(what_a_user_may_not_do_ends_candidates) {
  etcd_registers in{with_users::as("one", "p")};
  const auto r = in.open();
  check_ends(in, r->load(), errc::not_authorized, "etcdserver: permission denied");
  check_ends(in, r->compare_and_swap("", "x"), errc::not_authorized,
             "etcdserver: permission denied");
}

BOOST_AUTO_TEST_CASE(a_wrong_password_ends_candidates_and_so_does_none) {
  etcd_registers wrong{with_users::as("one", "x")};
  check_ends(wrong, wrong.open()->load(), errc::not_authorized,
             "authentication failed, invalid user ID or password");
  etcd_registers none{with_users::as("", "")};
  check_ends(none, none.open()->load(), errc::not_authorized, "user name is empty");
}

BOOST_AUTO_TEST_CASE(a_user_where_there_are_none_ends_candidates) {
  etcd_registers in{hasty({.endpoints = {the_etcd().address()}, .user = "one", .password = "p"})};
  check_ends(in, in.open()->load(), errc::not_authorized, "authentication is not enabled");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_trouble_first) {
  auto a = with_users::as("one", "p");
  a.patience = 1h;
  etcd_registers in{a};
  BOOST_CHECK_EXCEPTION(in.run(in.open()->load()), system_error, [](const auto& e) {
    constexpr int permission_denied = 7;
    return e.code() == error_code(permission_denied, etcd_category()) &&
           has(e.what(), "etcdserver: permission denied");
  });
}

// --- TLS ---

struct with_tls {
  static servers& server() {
    static servers s{etcd_words({}, true)};
    return s;
  }
  static std::string file(const std::string& name) { return server().folder() + "/" + name; }
  static neli::tls all() {
    return {.ca_file = file("ca.pem"),
            .certificate_file = file("client.pem"),
            .key_file = file("client.key")};
  }
  static std::string error_of(const neli::tls& t, const std::string& host = "127.0.0.1") {
    etcd_registers in{{.endpoints = {host + ":" + std::to_string(server().port())}, .tls = t}};
    try {
      in.run(in.open()->load());
    } catch (const system_error& e) {
      return e.what();
    }
    return {};
  }
};

BOOST_AUTO_TEST_CASE(with_tls_all_is_as_without) {
  etcd_registers in{
      {.endpoints = {"https://" + with_tls::server().address()}, .tls = with_tls::all()}};
  const auto r = in.open();
  const auto first = write(in, *r, "", std::string(200'000, 'x'));
  BOOST_TEST(in.run(r->load()).bytes.size() == 200'000u);
  auto w = in.start(r->wait_for_change(first));
  in.pass(50ms);
  write(in, *r, first, "two");
  w.await();
  auto cancelled = in.start(r->wait_for_change(in.run(r->load()).version));
  in.pass(50ms);
  cancelled.cancel();
  cancelled.await_end();
  BOOST_TEST(in.run(r->load()).bytes == "two");
}

BOOST_AUTO_TEST_CASE(a_server_must_be_signed_by_whom_one_trusts_and_have_the_right_name) {
  auto t = with_tls::all();
  BOOST_TEST(with_tls::error_of(t).empty());
  BOOST_TEST(has(with_tls::error_of(t, "localhost"), "certificate verify failed"));
  t.verify_name = false;
  BOOST_TEST(with_tls::error_of(t, "localhost").empty());
  t.ca_file.clear();
  BOOST_TEST(has(with_tls::error_of(t), "certificate verify failed"));
}

BOOST_AUTO_TEST_CASE(without_the_clients_certificate_that_a_server_wants_there_is_trouble) {
  auto t = with_tls::all();
  t.certificate_file.clear();
  t.key_file.clear();
  BOOST_TEST(has(with_tls::error_of(t), "certificate"));
}

// --- settings ---

void check_refused(const neli::etcd& e, const std::string& field) {
  BOOST_TEST_CONTEXT(field)
  BOOST_CHECK_EXCEPTION(stores::etcd::make_access(e, 3s), config_error, [&](const auto& x) {
    return x.field() == field && !x.rule().empty() && !has(x.what(), "secret");
  });
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_work_are_refused_by_field_and_rule) {
  check_refused({}, "etcd.endpoints");
  check_refused({.endpoints = {"localhost"}}, "etcd.endpoints");
  check_refused({.endpoints = {"a:1"}, .password = "secret"}, "etcd.password");
  check_refused({.endpoints = {"a:1"}, .user = "me"}, "etcd.password");
  check_refused({.endpoints = {"http://a:1"}, .tls = neli::tls{}}, "etcd.endpoints");
  check_refused({.endpoints = {"a:1"}, .tls = neli::tls{.ca_file = "/no/such/file"}},
                "etcd.tls.ca_file");
  check_refused({.endpoints = {"a:1"}, .tls = neli::tls{.ca_file = "/dev/null"}},
                "etcd.tls.ca_file");
  check_refused({.endpoints = {"a:1"}, .tls = neli::tls{.certificate_file = "/x"}},
                "etcd.tls.key_file");
  check_refused({.endpoints = {"a:1"}, .tls = neli::tls{.key_file = "/x"}},
                "etcd.tls.certificate_file");
  check_refused({.endpoints = {"a:1"},
                 .tls = neli::tls{.certificate_file = "/no/such/file", .key_file = "/x"}},
                "etcd.tls.certificate_file");
}

// --- what answers may be ---

BOOST_AUTO_TEST_CASE(errors_of_newer_etcd_and_of_proxies_are_understood) {
  using stores::etcd::refused;
  const auto older = refused(400, R"({"error":"e: t","message":"e: t","code":3})");
  BOOST_TEST(older.code == 3);
  BOOST_TEST(older.text == "e: t");
  const auto newer = refused(503, R"({"code":14,"message":"etcdserver: no leader","details":[]})");
  BOOST_TEST(newer.code == 14);
  BOOST_TEST(newer.text == "etcdserver: no leader");
  const auto proxy = refused(502, "<html>Bad Gateway");
  BOOST_TEST(proxy.code == 14);
  BOOST_TEST(proxy.text == "HTTP status 502: <html>Bad Gateway");
}

/// A cluster of one server that answers as the test likes.
struct scripted_etcd : etcd_registers {
  scripted_etcd() : etcd_registers{hasty({.endpoints = {"127.0.0.1:1"}})} {
    access->servers.endpoints = {stores::http::parse_endpoint("", server.address(), false)};
  }
  scripted_server server{context()};
};

BOOST_AUTO_TEST_CASE(an_etcd_without_the_interface_ends_candidates) {
  scripted_etcd in;
  in.server.answer = [](const auto&) { return http_answer("404 Not Found", "Not Found\n"); };
  check_ends(in, in.open()->load(), errc::unusable_ledger, "HTTP status 404: Not Found");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_trouble) {
  scripted_etcd in;
  for (const std::string body :
       {"<html>", "[]", "{}", R"({"header":{}})", R"({"header":3})",
        R"({"header":{"revision":"1"},"kvs":[7]})", R"({"header":{"revision":"x"}})"}) {
    in.server.answer = [&](const auto&) { return http_answer("200 OK", body); };
    BOOST_CHECK_THROW(in.run(in.open()->load()), std::exception);
    BOOST_CHECK_THROW(in.run(in.open()->compare_and_swap("", "x")), std::exception);
  }
}

BOOST_AUTO_TEST_CASE(an_error_within_a_watch_is_trouble_with_its_text) {
  scripted_etcd in;
  const auto r = in.open();
  for (const std::string line :
       {R"({"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader"}})",
        R"({"error":{"code":14,"message":"etcdserver: no leader"}})",
        R"({"result":{"canceled":true,"cancel_reason":"etcdserver: no leader"}})"}) {
    for (const std::string end : {"\n", ""}) {
      in.server.answer = [&](const auto&) { return http_answer("200 OK", line + end); };
      BOOST_CHECK_EXCEPTION(in.run(r->wait_for_change("1:1:1")), std::exception,
                            [](const auto& e) { return has(e.what(), "etcdserver: no leader"); });
    }
  }
}

BOOST_AUTO_TEST_CASE(another_cluster_than_before_is_trouble) {
  scripted_etcd in;
  in.server.answer = [](const auto&) {
    return http_answer("200 OK",
                       R"({"header":{"cluster_id":"2","revision":"7"},"succeeded":true})");
  };
  BOOST_CHECK_THROW(in.run(in.open()->compare_and_swap("1:6:6", "x")), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
