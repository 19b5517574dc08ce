// SPDX-License-Identifier: BSL-1.0
#include "stores/zookeeper/node.hpp"

#include "stores/zookeeper/version.hpp"
#include "zookeeper/fixture.hpp"
#include <neli/error.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <filesystem>
#include <string_view>

namespace neli::test {

namespace {

namespace zoo = stores::zookeeper;
using boost::system::system_error;
using tcp = asio::ip::tcp;

/// A server at which connections are opened, and nothing is answered.
struct silent_server {
  explicit silent_server(asio::io_context& c)
      : acceptor{c, {asio::ip::address_v4::loopback(), 0}} {}
  std::string address() const {
    return "127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
  }

  tcp::acceptor acceptor;
};

/// No server: a port that nobody listens to.
std::string dead_address() {
  asio::io_context c;
  return silent_server{c}.address();
}

struct node_fixture : zookeeper_registers {
  void use_tls() {
    const auto file = [](const std::string& name) {
      return the_secure_zookeeper().folder() + "/" + name;
    };
    settings.servers = {the_secure_zookeeper().address()};
    settings.tls = {file("ca.pem"), file("client.pem"), file("client.key")};
  }
};

/// A server's answer to one of ZooKeeper's words of four letters.
std::string told_by(unsigned short port, const std::string& word) {
  asio::io_context c;
  tcp::socket s{c};
  s.connect({asio::ip::address_v4::loopback(), port});
  asio::write(s, asio::buffer(word));
  std::string all;
  boost::system::error_code end;
  asio::read(s, asio::dynamic_buffer(all), end);
  return all;
}

/// How many sessions the server has.
int sessions() {
  const auto all = told_by(the_zookeeper().port(), "mntr");
  const std::string name = "zk_global_sessions\t";
  return std::stoi(all.substr(all.find(name) + name.size()));
}

auto says(const std::string& text) {
  return [text](const std::exception& e) {
    BOOST_TEST_MESSAGE(e.what());
    return std::string_view{e.what()}.find(text) != std::string_view::npos;
  };
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(node, node_fixture)

BOOST_AUTO_TEST_CASE(the_nodes_above_are_made_where_they_are_missing) {
  config.ledger += "/far/down/below";
  const auto r = open();
  BOOST_TEST(run(r->load()).version.empty());
  BOOST_TEST(run(r->compare_and_swap("", "value")).swapped);
  BOOST_TEST(run(r->load()).bytes == "value");
}

BOOST_AUTO_TEST_CASE(a_swap_tells_the_version_that_is_loaded_then) {
  const auto r = open();
  const auto first = run(r->compare_and_swap("", "1"));
  BOOST_TEST(run(r->load()).version == first.present->version);
  const auto second = run(r->compare_and_swap(first.present->version, "2"));
  BOOST_TEST(run(r->load()).version == second.present->version);
  BOOST_TEST(first.present->version != second.present->version);
}

BOOST_AUTO_TEST_CASE(a_swap_of_another_version_is_none) {
  const auto a = open(), b = open();
  const auto first = run(a->compare_and_swap("", "1"));
  BOOST_TEST(!run(b->compare_and_swap("", "2")).swapped);
  run(a->compare_and_swap(first.present->version, "3"));
  BOOST_TEST(!run(b->compare_and_swap(first.present->version, "4")).swapped);
  BOOST_TEST(run(b->load()).bytes == "3");
}

BOOST_AUTO_TEST_CASE(a_swap_of_a_node_that_is_gone_is_none) {
  const auto r = open();
  const auto first = run(r->compare_and_swap("", "1"));
  remove();
  const auto second = run(r->compare_and_swap(first.present->version, "2"));
  BOOST_TEST(!second.swapped);
  BOOST_TEST(second.present->version.empty());
}

BOOST_AUTO_TEST_CASE(a_node_that_is_made_anew_is_not_taken_for_the_old_one) {
  const auto r = open();
  const auto old = run(r->compare_and_swap("", "same"));
  remove();
  const auto fresh = run(open()->compare_and_swap("", "same"));
  BOOST_TEST(old.present->version != fresh.present->version);
  // ZooKeeper counts both as its version 0.
  BOOST_TEST(!run(r->compare_and_swap(old.present->version, "mine")).swapped);
  BOOST_TEST(run(r->load()).version == fresh.present->version);
}

BOOST_AUTO_TEST_CASE(a_node_that_others_made_is_used) {
  config.ledger = "/theirs";
  do_together({zoo::create(path(), "theirs", zoo::access::everybody)});
  const auto r = open();
  const auto found = run(r->load());
  BOOST_TEST(found.bytes == "theirs");
  const auto first = run(r->compare_and_swap(found.version, "1"));
  BOOST_TEST(first.swapped);
  BOOST_TEST(!run(r->compare_and_swap(found.version, "2")).swapped);
  BOOST_TEST(run(r->load()).version == first.present->version);
  BOOST_TEST(run(r->compare_and_swap(first.present->version, "2")).swapped);
}

BOOST_AUTO_TEST_CASE(a_node_whose_mark_was_deleted_gets_another) {
  const auto r = open();
  const auto first = run(r->compare_and_swap("", "1"));
  do_together({removal(path() + "/" + zoo::parse_version(first.present->version).mark)});
  const auto second = run(r->compare_and_swap(first.present->version, "2"));
  BOOST_TEST(second.swapped);
  BOOST_TEST(run(r->load()).version == second.present->version);
  BOOST_TEST(!run(r->compare_and_swap(first.present->version, "3")).swapped);
}

BOOST_AUTO_TEST_CASE(a_large_value_comes_back_as_it_was_written) {
  std::string large(200'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * i >> 8);
  const auto r = open();
  const auto first = run(r->compare_and_swap("", large));
  BOOST_TEST((run(r->load()).bytes == large));
  large += "end";
  run(r->compare_and_swap(first.present->version, large));
  BOOST_TEST((run(open()->load()).bytes == large));
}

BOOST_AUTO_TEST_CASE(the_largest_value_is_one_that_zookeeper_takes) {
  const std::string largest(zoo::as_register(settings).most_bytes, 'x');
  config.ledger = "/" + std::string(999, 'p');
  const auto r = open();
  run(r->compare_and_swap("", largest));
  BOOST_TEST(run(r->load()).bytes.size() == largest.size());
}

// --- waiting ---

BOOST_AUTO_TEST_CASE(a_change_before_the_wait_began_ends_it) {
  const auto a = open(), b = open();
  const auto first = run(a->compare_and_swap("", "1"));
  run(b->compare_and_swap(first.present->version, "2"));
  BOOST_TEST(run(a->wait_for_change(first.present->version))->bytes == "2");
}

BOOST_AUTO_TEST_CASE(each_change_ends_a_wait) {
  const auto a = open(), b = open();
  std::string version;
  for (const auto* bytes : {"1", "2", "3"}) {
    auto wait = start(a->wait_for_change(version));
    pass(50ms);
    BOOST_TEST(!wait.is_done());
    const auto swap = run(b->compare_and_swap(version, bytes));
    const auto change = wait.await();
    BOOST_TEST(change->bytes == bytes);
    BOOST_TEST(change->version == swap.present->version);
    version = change->version;
  }
  auto wait = start(a->wait_for_change(version));
  pass(50ms);
  BOOST_TEST(!wait.is_done());
  remove();
  BOOST_TEST(wait.await()->version.empty());
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_cancelled_leaves_the_connection_as_it_is) {
  const auto r = open();
  const auto first = run(r->compare_and_swap("", "1"));
  auto wait = start(r->wait_for_change(first.present->version));
  pass(50ms);
  wait.cancel();
  wait.await_end();
  auto again = start(r->wait_for_change(first.present->version));
  run(r->compare_and_swap(first.present->version, "2"));
  BOOST_TEST(again.await()->bytes == "2");
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_kept_alive) {
  config.lease = 3s;
  const auto r = open();
  const auto version = insist([&] { return r->load(); }).version;
  const auto before = sessions();
  auto wait = start(r->wait_for_change(version));
  // Longer than a connection may be silent.
  pass(2s);
  BOOST_TEST(!wait.is_done());
  BOOST_TEST(sessions() == before);
  wait.cancel();
  wait.await_end();
}

// --- servers that fail ---

BOOST_AUTO_TEST_CASE(another_server_is_tried_when_one_is_dead_or_says_nothing) {
  const silent_server silent{context()};
  for (const auto& bad : {dead_address(), silent.address()}) {
    config.lease = 1s;
    settings.servers = {bad, the_zookeeper().address()};
    // In random order, so several times.
    for (int i = 0; i < 4; ++i) {
      const auto r = open();
      BOOST_CHECK_NO_THROW(insist([&] { return r->load(); }));
    }
  }
}

BOOST_AUTO_TEST_CASE(when_no_server_can_be_reached_all_are_named) {
  const silent_server silent{context()};
  config.lease = 1s;
  settings.servers = {dead_address(), silent.address()};
  const auto r = open();
  for (const auto& name : settings.servers)
    BOOST_CHECK_EXCEPTION(run(r->load()), system_error, says("'" + name + "'"));
}

BOOST_AUTO_TEST_CASE(a_host_may_have_a_name) {
  const auto address = the_zookeeper().address();
  settings.servers = {"localhost" + address.substr(address.rfind(':'))};
  BOOST_CHECK_NO_THROW(run(open()->load()));
  settings.servers = {"no-such-host.invalid:2181"};
  BOOST_CHECK_THROW(run(open()->load()), system_error);
}

BOOST_AUTO_TEST_CASE(a_server_that_stands_still_is_noticed_and_used_again_when_it_goes_on) {
  config.lease = 2s;
  const auto r = open();
  const auto first = insist([&] { return r->compare_and_swap("", "1"); });
  auto wait = start(r->wait_for_change(first.present->version));
  pass(50ms);
  the_zookeeper().pause();
  BOOST_CHECK_THROW(wait.await(), system_error);
  the_zookeeper().resume();
  BOOST_TEST(insist([&] { return r->load(); }).version == first.present->version);
}

BOOST_AUTO_TEST_CASE(an_operation_that_a_silent_server_leaves_alone_can_be_cancelled) {
  const auto r = open();
  run(r->load());
  the_zookeeper().pause();
  auto load = start(r->load());
  pass(50ms);
  BOOST_TEST(!load.is_done());
  load.cancel();
  load.await_end();
  the_zookeeper().resume();
  BOOST_CHECK_THROW(load.await(), system_error);
  BOOST_TEST(insist([&] { return r->load(); }).version.empty());
}

BOOST_AUTO_TEST_CASE(a_server_that_is_started_again_is_used_again) {
  const auto a = open(), b = open();
  const auto first = run(a->compare_and_swap("", "1"));
  auto wait = start(a->wait_for_change(first.present->version));
  pass(50ms);
  the_zookeeper().stop();
  BOOST_CHECK_THROW(wait.await(), system_error);
  the_zookeeper().start();
  BOOST_TEST(insist([&] { return a->load(); }).version == first.present->version);
  auto again = start(a->wait_for_change(first.present->version));
  BOOST_TEST(insist([&] { return b->compare_and_swap(first.present->version, "2"); }).swapped);
  BOOST_TEST(again.await()->bytes == "2");
}

BOOST_AUTO_TEST_CASE(servers_that_have_lost_everything_are_used_again) {
  const auto r = open();
  run(r->compare_and_swap("", "1"));
  the_zookeeper().stop();
  std::filesystem::remove_all(the_zookeeper().folder() + "/node1/version-2");
  the_zookeeper().start();
  BOOST_TEST(insist([&] { return r->load(); }).version.empty());
  BOOST_TEST(insist([&] { return r->compare_and_swap("", "2"); }).swapped);
}

BOOST_AUTO_TEST_CASE(a_server_that_sends_something_else_is_an_error) {
  silent_server web{context()};
  web.acceptor.async_accept([](auto, tcp::socket s) {
    asio::write(s, asio::buffer("HTTP/1.1 400 Bad Request\r\n\r\n"));
    boost::system::error_code ignored;
    std::array<char, 100> rest{};
    s.read_some(asio::buffer(rest), ignored);
  });
  settings.servers = {web.address()};
  BOOST_CHECK_EXCEPTION(run(open()->load()), system_error, says("MarshallingError"));
}

BOOST_AUTO_TEST_CASE(a_leader_that_is_cut_off_from_the_others_does_not_answer_a_load) {
  servers three{zookeeper_words({"--nodes", "3"})};
  const auto leader = [&] {
    for (int n = 1; n <= 3; ++n)
      if (told_by(three.port(static_cast<std::size_t>(n)), "srvr").find("Mode: leader") !=
          std::string::npos)
        return n;
    return 0;
  };
  int led_by = 0;
  BOOST_REQUIRE(run_until(context(), [&] { return (led_by = leader()) > 0; }));
  settings.servers = {three.address(static_cast<std::size_t>(led_by))};
  const auto r = open();
  insist([&] { return r->compare_and_swap("", "1"); });
  for (int n = 1; n <= 3; ++n)
    if (n != led_by) three.pause(n);
  auto load = start(r->load());
  pass(500ms);
  BOOST_TEST(!load.is_done());
  for (int n = 1; n <= 3; ++n)
    if (n != led_by) three.resume(n);
  BOOST_TEST(insist([&] { return r->load(); }).bytes == "1");
  load.await_end();
}

// --- rights ---

BOOST_AUTO_TEST_CASE(the_node_of_a_user_is_for_that_user_alone) {
  settings.user = "alice";
  settings.password = "secret";
  const auto hers = open();
  const auto first = run(hers->compare_and_swap("", "1"));
  BOOST_TEST(run(open()->load()).bytes == "1");

  settings.password = "guessed";
  BOOST_CHECK_EXCEPTION(run(open()->load()), system_error, says("NoAuth"));
  settings.user = settings.password = "";
  const auto his = open();
  BOOST_CHECK_EXCEPTION(run(his->load()), system_error, says("NoAuth"));
  BOOST_CHECK_EXCEPTION(run(his->wait_for_change("")), system_error, says("NoAuth"));
  BOOST_CHECK_EXCEPTION(run(his->compare_and_swap(first.present->version, "2")), system_error,
                        says("NoAuth"));
  // Nor can others put a node of theirs in its place.
  config.ledger += "/below";
  BOOST_CHECK_EXCEPTION(run(open()->compare_and_swap("", "2")), system_error, says("NoAuth"));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_the_last_word_when_it_lasts) {
  settings.user = settings.password = "alice";
  run(open()->compare_and_swap("", "1"));
  zoo::settings how{};
  how.servers.push_back(zoo::parse_server(the_zookeeper().address()));
  how.to_connect = how.to_be_silent = 10s;
  how.to_be_refused = 100ms;
  zoo::node r{on(), how, path()};
  const auto refused_for_good = [](const error& e) {
    return e.code() == errc::not_authorized && says("NoAuth")(e);
  };
  BOOST_CHECK_EXCEPTION(run(r.load()), system_error,
                        [](const auto& e) { return e.code().category() == zookeeper_category(); });
  pass(100ms);
  BOOST_CHECK_EXCEPTION(run(r.load()), error, refused_for_good);
}

// --- TLS ---

BOOST_AUTO_TEST_CASE(with_tls_both_sides_show_a_certificate) {
  use_tls();
  const auto r = open();
  const std::string large(200'000, 'x');
  const auto first = run(r->compare_and_swap("", large));
  auto wait = start(r->wait_for_change(first.present->version));
  run(open()->compare_and_swap(first.present->version, "2"));
  BOOST_TEST(wait.await()->bytes == "2");

  settings.tls->certificate_file = settings.tls->key_file = "";
  BOOST_CHECK_THROW(run(open()->load()), system_error);
}

BOOST_AUTO_TEST_CASE(with_tls_a_server_must_show_a_certificate_for_its_host_of_one_who_is_trusted) {
  use_tls();
  settings.tls->ca_file = "";
  BOOST_CHECK_EXCEPTION(run(open()->load()), system_error, says("certificate verify failed"));

  use_tls();
  settings.servers = {"localhost:" + std::to_string(the_secure_zookeeper().port())};
  BOOST_CHECK_EXCEPTION(run(open()->load()), system_error, says("certificate verify failed"));
  settings.tls->verify_name = false;
  BOOST_CHECK_NO_THROW(run(open()->load()));
}

BOOST_AUTO_TEST_CASE(with_tls_a_server_without_is_an_error) {
  settings.tls.emplace();
  BOOST_CHECK_THROW(run(open()->load()), system_error);
}

// --- the end ---

BOOST_AUTO_TEST_CASE(a_session_is_closed_with_its_register) {
  const auto before = sessions();
  auto r = open();
  run(r->load());
  BOOST_TEST(sessions() == before + 1);
  r.reset();
  BOOST_TEST(run_until(context(), [&] { return sessions() <= before; }));
  // Nothing is left that would keep the context at work.
  context().restart();
  context().run_for(1min);
  BOOST_TEST(context().stopped());
}

BOOST_AUTO_TEST_CASE(a_register_may_go_while_it_connects) {
  const silent_server silent{context()};
  settings.servers = {silent.address(), silent.address()};
  auto r = open();
  auto load = start(r->load());
  pass(50ms);
  load.cancel();
  load.await_end();
  r.reset();
  context().restart();
  context().run_for(1min);
  BOOST_TEST(context().stopped());
}

BOOST_AUTO_TEST_CASE(a_context_may_go_while_operations_wait) {
  std::weak_ptr<shared_register> watched;
  {
    asio::io_context other;
    const asio::any_io_executor there = asio::make_strand(other);
    std::shared_ptr<shared_register> r = zoo::as_register(settings).make(there, config);
    watched = r;
    asio::co_spawn(
        there, [r] { return r->wait_for_change(""); }, [r](auto...) {});
    asio::co_spawn(
        there, [r] { return r->load(); }, [r](auto...) {});
    r.reset();
    other.run_for(100ms);
    BOOST_TEST(!watched.expired());
  }
  BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
