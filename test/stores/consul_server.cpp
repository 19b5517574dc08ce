// SPDX-License-Identifier: BSL-1.0
#include "stores/consul_server.hpp"

#include "contract/hold.hpp"
#include "harness/servers.hpp"
#include "stores/consul/key.hpp"
#include "stores/consul/setup.hpp"
#include "stores/consul_election.hpp"
#include "stores/register_contract.hpp"

#include <unistd.h>

#include <iostream>
#include <string>

namespace neli::test {

namespace {

using namespace std::chrono_literals;

/// One for all tests.
servers& the_consul() {
  static servers one{{"consul"}};
  return one;
}

neli::consul settings() { return {.addresses = {the_consul().address()}}; }

std::string a_new_key() {
  static int n = 0;
  return "neli-" + std::to_string(::getpid()) + "/\xc3\xa4 " + std::to_string(++n);
}

/// A key of it.
class server_registers : public contract::registers {
 public:
  std::unique_ptr<shared_register> open() override {
    return std::make_unique<stores::consul::key>(on(), access_, key_);
  }
  void remove() override {
    namespace http = boost::beast::http;
    stores::http::client c{on(), {access_, &access_->servers}};
    const stores::http::request q{http::verb::delete_, "/v1/kv/" + stores::consul::escaped(key_),
                                  11};
    BOOST_REQUIRE(run(c.exchange(q)).result() == http::status::ok);
  }

 private:
  const std::shared_ptr<const stores::consul::access> access_ =
      stores::consul::make_access(settings(), 15s);
  const std::string key_ = a_new_key();
};

void election() {
  asio::io_context context;
  check_election(context, settings(), a_new_key());
}

void absence() {
  std::cerr << "*** There is no Consul here: nothing was tested on it, only on a stand-in. "
               "scripts/setup --consul builds it.\n";
}

}  // namespace

boost::unit_test::test_suite* on_consul() {
  using boost::unit_test::make_test_case;
  auto* suite = BOOST_TEST_SUITE("on_consul");
  const auto add = [&](void (*test)(), const std::string& name) {
    suite->add(make_test_case(test, name, __FILE__, __LINE__));
  };
  if (!servers::are_installed("consul")) {
    add(absence, "there_is_none");
    return suite;
  }
  suite->add(contract::hold<contract::registers>("register", contract::of_registers(), {}, [] {
    return std::make_unique<server_registers>();
  }));
  add(election, "a_leader_that_leaves_or_crashes_is_followed_by_another");
  return suite;
}

}  // namespace neli::test
