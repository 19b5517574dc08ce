// SPDX-License-Identifier: BSL-1.0
// An election over a real ZooKeeper, by the interface alone.
#include "stores/zookeeper/node.hpp"
#include "support/comes_about.hpp"
#include "zookeeper/fixture.hpp"
#include <neli/neli.hpp>

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace neli::test {

namespace {

namespace zoo = stores::zookeeper;

struct election {
  neli::candidate make(const std::string& name) {
    return neli::candidate{context.get_executor(),
                           {.store = neli::zookeeper{.servers = {the_zookeeper().address()}},
                            .ledger = ledger,
                            .name = name,
                            .lease = 1s,
                            .logger = no_logger()}};
  }
  void until(const std::function<bool()>& so) { BOOST_REQUIRE(run_until(context, so)); }

  std::string ledger = "election/leader";
  asio::io_context context;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(elections, election)

BOOST_AUTO_TEST_CASE(one_leads_and_the_next_one_when_it_has_closed) {
  auto a = make("a");
  until([&] { return a.is_leader(); });
  const auto first = a.term()->token();
  auto b = make("b");
  until([&] { return b.leader() && b.leader()->name == "a"; });
  BOOST_TEST(!b.is_leader());
  a.close(asio::detached);
  until([&] { return b.is_leader(); });
  BOOST_TEST(b.term()->token() > first);
}

BOOST_AUTO_TEST_CASE(one_without_rights_ends_with_what_zookeeper_said) {
  ledger = "/forbidden/leader";
  const neli::zookeeper hers{
      .servers = {the_zookeeper().address()}, .user = "alice", .password = "secret"};
  {
    const neli::candidate alice{
        context.get_executor(),
        {.store = hers, .ledger = ledger, .lease = 200ms, .logger = no_logger()}};
    until([&] { return alice.is_leader(); });
  }
  // As ZooKeeper's settings make it, but that a refusal is final soon.
  zoo::settings how{};
  how.servers.push_back(zoo::parse_server(the_zookeeper().address()));
  how.to_connect = how.to_be_silent = 10s;
  how.to_be_refused = 100ms;
  const neli::register_store impatient{.make = [&](const auto& on, const neli::config& c) {
    return std::make_unique<zoo::node>(on, how, c.ledger);
  }};
  neli::candidate other{
      context.get_executor(),
      {.store = impatient, .ledger = ledger, .lease = 200ms, .logger = no_logger()}};
  std::optional<error_code> end;
  other.wait_closed([&](const error_code& e) { end = e; });
  until([&] { return end.has_value(); });
  BOOST_TEST((*end == errc::not_authorized));
  BOOST_TEST(end->message().find("NoAuth") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
