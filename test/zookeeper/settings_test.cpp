// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/path.hpp"
#include "stores/zookeeper/setup.hpp"
#include <neli/config.hpp>
#include <neli/error.hpp>
#include <neli/stores/zookeeper.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>

namespace neli::test {

namespace {

using stores::zookeeper::as_register;
using stores::zookeeper::node_path;

const neli::zookeeper good{
    .servers = {"zoo1:2181", "127.0.0.1:2181", "[::1]:2182"}, .user = "neli", .password = "secret"};

void check(const neli::zookeeper& z, const std::string& ledger = "/app/leader") {
  as_register(z).check(config{.ledger = ledger});
}

/// Expects that what is changed so is refused, by this field.
void expect_refused(const std::string& field, const std::string& value,
                    const std::function<void(neli::zookeeper&)>& change) {
  auto changed = good;
  change(changed);
  BOOST_CHECK_EXCEPTION(check(changed), config_error, [&](const config_error& e) {
    BOOST_TEST(e.field() == field);
    BOOST_TEST(e.value() == value);
    BOOST_TEST(!e.rule().empty());
    return true;
  });
}

void expect_no_server(const std::string& text) {
  expect_refused("zookeeper.servers", text, [&](auto& z) { z.servers.push_back(text); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(good_settings_are_taken) { BOOST_CHECK_NO_THROW(check(good)); }

BOOST_AUTO_TEST_CASE(there_must_be_a_server) {
  expect_refused("zookeeper.servers", "", [](auto& z) { z.servers.clear(); });
}

BOOST_AUTO_TEST_CASE(a_server_has_a_host_and_a_port) {
  for (const auto* text : {"", "zoo1", "zoo1:", ":2181", "zoo1:0", "zoo1:65536", "zoo1:21x", "::1",
                           "[::1]", "[zoo1]:2181", "zoo 1:2181", "a:1,b:2", "zoo1:2181/app"})
    expect_no_server(text);
}

BOOST_AUTO_TEST_CASE(user_and_password_belong_together) {
  expect_refused("zookeeper.password", "***", [](auto& z) { z.user.clear(); });
  expect_refused("zookeeper.password", "", [](auto& z) { z.password.clear(); });
  expect_refused("zookeeper.user", "a:b", [](auto& z) { z.user = "a:b"; });
}

BOOST_AUTO_TEST_CASE(a_file_for_tls_must_be_there_and_be_one) {
  expect_refused("zookeeper.tls.ca_file", "/nowhere", [](auto& z) { z.tls = {"/nowhere"}; });
  expect_refused("zookeeper.tls.ca_file", "/dev/null", [](auto& z) { z.tls = {"/dev/null"}; });
  expect_refused("zookeeper.tls.certificate_file", "/nowhere", [](auto& z) {
    z.tls = {{}, "/nowhere", "/nowhere"};
  });
  expect_refused("zookeeper.tls.key_file", "", [](auto& z) { z.tls = {{}, "/nowhere"}; });
  expect_refused("zookeeper.tls.certificate_file", "", [](auto& z) {
    z.tls = {{}, {}, "/nowhere"};
  });
}

BOOST_AUTO_TEST_CASE(the_slash_at_the_beginning_of_a_ledger_may_be_left_out) {
  BOOST_TEST(node_path("/app/leader") == "/app/leader");
  BOOST_TEST(node_path("app/leader") == "/app/leader");
  BOOST_TEST(node_path("my-app.neli") == "/my-app.neli");
}

BOOST_AUTO_TEST_CASE(a_ledger_is_a_path_that_zookeeper_takes) {
  for (const std::string path :
       {"/a/...", "/a/.b", "/a b", "/\xc3\xa4/\xe2\x82\xac", "/\xef\xbf\xaf", "/zookeepers"})
    BOOST_TEST(node_path(path) == path);
}

BOOST_AUTO_TEST_CASE(a_ledger_that_zookeeper_refuses_is_refused) {
  const std::string nul{"/a\0b", 4};
  for (const std::string& path : {std::string{},
                                  std::string{"/"},
                                  std::string{"//"},
                                  std::string{"/a//b"},
                                  std::string{"//a"},
                                  std::string{"/a/"},
                                  std::string{"/a/./b"},
                                  std::string{"/a/.."},
                                  std::string{"."},
                                  nul,
                                  std::string{"/a\n"},
                                  std::string{"/a\x7f"},
                                  std::string{"/a\xc2\x85"},          // U+0085
                                  std::string{"/a\xed\xa0\x80"},      // U+D800
                                  std::string{"/a\xee\x80\x80"},      // U+E000
                                  std::string{"/a\xef\xbf\xb0"},      // U+FFF0
                                  std::string{"/a\xf0\x9f\x98\x80"},  // U+1F600
                                  std::string{"/a\xc0\xaf"},
                                  std::string{"/a\xe2\x82"},
                                  std::string{"/a\xff"},
                                  std::string{"/zookeeper"},
                                  std::string{"/zookeeper/config"},
                                  std::string{"zookeeper"},
                                  std::string(1001, 'a')})
    BOOST_CHECK_EXCEPTION(check(good, path), config_error,
                          [](const config_error& e) { return e.field() == "ledger"; });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
