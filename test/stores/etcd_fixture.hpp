// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "harness/servers.hpp"
#include "stores/etcd/key.hpp"
#include "stores/etcd/setup.hpp"
#include "stores/http/base64.hpp"
#include "stores/register_contract.hpp"
#include <neli/stores/etcd.hpp>

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

namespace neli::test {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// Words for test/harness/serve. One that is quick to elect itself, only so that tests take less
/// time.
inline std::vector<std::string> etcd_words(std::vector<std::string> more = {}, bool tls = false) {
  std::vector<std::string> words{"etcd", "--", "--heartbeat-interval", "20", "--election-timeout",
                                 "200"};
  if (tls) words.insert(words.begin(), "--tls");
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// One for all tests. They leave it as it was.
inline servers& the_etcd() {
  static servers one{etcd_words()};
  return one;
}

inline std::string unique_key() {
  static int n = 0;
  return "neli-" + std::to_string(::getpid()) + "/" + std::to_string(++n);
}

/// A key of an etcd.
class etcd_registers : public contract::registers {
 public:
  explicit etcd_registers(neli::etcd how = {.endpoints = {the_etcd().address()}},
                          milliseconds lease = 15s)
      : etcd_registers{*stores::etcd::make_access(how, lease)} {}
  explicit etcd_registers(stores::etcd::access a)
      : access{std::make_shared<stores::etcd::access>(std::move(a))} {}

  std::unique_ptr<shared_register> open() override {
    return std::make_unique<stores::etcd::key>(on(), access, key);
  }
  void remove() override { call("kv/deleterange", stores::etcd::look_request(key)); }
  /// Of the gateway.
  stores::etcd::json::object call(const std::string& method, const std::string& body) {
    stores::etcd::gateway g{on(), access};
    return run(g.call(method, body));
  }
  using registers::context;
  using registers::on;

  const std::shared_ptr<stores::etcd::access> access;
  std::string key = unique_key();
};

/// With authentication: the user `one`, whose password is `p`, may use the keys that begin with
/// "one/"; `root` has the password `r`.
inline servers& the_etcd_with_users() {
  static servers s{etcd_words({"--bcrypt-cost", "4"})};
  static const bool set_up = [] {
    etcd_registers in{{.endpoints = {s.address()}}};
    in.call("auth/user/add", R"({"name":"root","password":"r"})");
    in.call("auth/user/add", R"({"name":"one","password":"p"})");
    in.call("auth/role/add", R"({"name":"ones"})");
    in.call("auth/role/grant", R"({"name":"ones","perm":{"permType":"READWRITE","key":")" +
                                   stores::http::to_base64("one/") + R"(","range_end":")" +
                                   stores::http::to_base64("one0") + R"("}})");
    in.call("auth/user/grant", R"({"user":"one","role":"ones"})");
    in.call("auth/user/grant", R"({"user":"root","role":"root"})");
    in.call("auth/enable", "{}");
    return true;
  }();
  static_cast<void>(set_up);
  return s;
}

}  // namespace neli::test
