// SPDX-License-Identifier: BSL-1.0
// Many threads at once call the functions that any thread may call, while the leadership moves.
#include "kafka/fixture.hpp"
#include <neli/neli.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <random>
#include <thread>

using namespace neli;
using namespace std::chrono_literals;
using test::the_broker;
using test::unique;

namespace {

kafka the_store() { return {{{"bootstrap.servers", the_broker().servers()}}}; }

config quick(const std::string& topic, const std::string& name) {
  return {.store = the_store(), .ledger = topic, .name = name, .lease = 5s, .logger = no_logger()};
}

/// What one process would have: candidates for two roles, and a follower of one of these.
struct process {
  process(asio::any_io_executor executor, const config& c, std::atomic<int>& terms)
      : session{executor, c},
        candidates{session.candidate("red", count(terms)), session.candidate("blue", count(terms))},
        follower{session.follower("red")} {}

  static barrier_function count(std::atomic<int>& terms) {
    return [&terms](event e) -> asio::awaitable<void> {
      terms += e.as<leader_acquired>() != nullptr;
      co_return;
    };
  }

  neli::session session;
  std::array<candidate, 2> candidates;
  neli::follower follower;
};

asio::awaitable<void> nothing() { co_return; }

/// Makes one call, chosen at random among all that are allowed.
void call(process& p, candidate& c, std::mt19937& random) {
  const auto ignored = [](error_code, auto...) {};
  switch (random() % 17) {
    case 0: c.is_leader(); break;
    case 1: c.term(); break;
    case 2: c.leader(); break;
    case 3: c.heartbeats(); break;
    case 4: c.state(); break;
    case 5: c.get_executor(); break;
    case 6: c.update_metadata(std::to_string(random())); break;
    case 7: p.session.update_metadata(std::to_string(random())); break;
    case 8: p.follower.leader(); break;
    case 9: c.pulse(1ms, asio::use_future).wait(); break;
    case 10: {
      auto events = c.events();
      events.next(ignored);
      break;
    }
    case 11: {
      auto pulser = c.background(nothing);
      break;
    }
    case 12: c.resign(random() % 10 * 1ms, asio::use_future).wait(); break;
    case 13: c.lead([](term) { return nothing(); }, ignored); break;
    case 14: c.wait_closed(ignored); break;
    case 15: p.follower.wait_closed(ignored); break;
    case 16: {
      auto another = p.session.follower("blue");
      break;
    }
  }
}

/// Whether both have led at one instant: the first leads, in the same term, before and after the
/// second leads.
bool overlap(const candidate& a, const candidate& b) {
  const auto before = a.term();
  if (!before || !a.is_leader() || !b.is_leader()) return false;
  const auto after = a.term();
  return a.is_leader() && after && after->token() == before->token();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(call_every_function_while_the_leadership_moves) {
  asio::thread_pool pool{3};
  const auto topic = unique("leader");
  std::atomic<int> overlaps{0};
  std::atomic<int> terms{0};
  constexpr int enough_terms = 50;
  {
    process a{pool.get_executor(), quick(topic, "a"), terms};
    process b{pool.get_executor(), quick(topic, "b"), terms};
    for (const auto role : {0u, 1u})
      while (!a.candidates[role].is_leader() && !b.candidates[role].is_leader())
        std::this_thread::sleep_for(1ms);
    const auto calls = test::trials(5000);
    // On a fast machine it takes more calls until the leadership has moved so often.
    const auto give_up = std::chrono::steady_clock::now() + 2min;
    const auto must_go_on = [&] {
      return terms < enough_terms && std::chrono::steady_clock::now() < give_up;
    };
    std::vector<std::thread> callers;
    for (unsigned i = 0; i < 4; ++i)
      callers.emplace_back([&, i] {
        std::mt19937 random{i};
        for (int n = 0; n < calls || must_go_on(); ++n) {
          auto& p = random() % 2 ? a : b;
          const auto role = random() % 2;
          call(p, p.candidates[role], random);
          overlaps += overlap(a.candidates[role], b.candidates[role]);
        }
      });
    for (auto& t : callers) t.join();
    for (auto* p : {&a, &b}) {
      p->session.close(asio::use_future).get();
      for (auto& c : p->candidates) BOOST_TEST(!c.is_leader());
    }
  }
  pool.join();
  BOOST_TEST(overlaps == 0);
  BOOST_TEST(terms >= enough_terms);
}

BOOST_AUTO_TEST_CASE(do_not_disturb_a_leader_by_asking_it) {
  asio::thread_pool pool{4};
  const auto topic = unique("leader");
  {
    auto group = the_store();
    group.arbitration = arbitration::group;
    group.group_id = topic;
    group.session_timeout = test::long_lease + 1s;
    group.group_heartbeat_interval = 100ms;
    auto in_group = quick(topic, "a");
    in_group.store = group;
    in_group.lease = test::long_lease;
    candidate c{pool.get_executor(), in_group};
    BOOST_TEST(c.pulse(asio::use_future).get());
    std::vector<std::thread> askers;
    for (int i = 0; i < 4; ++i)
      askers.emplace_back([&] {
        for (int n = 0; n < 200; ++n) {
          c.is_leader();
          c.term();
          c.leader();
          c.heartbeats();
          c.state();
          auto events = c.events();
          events.next([](error_code, event) {});
          c.pulse(1ms, asio::use_future).wait();
        }
      });
    for (auto& t : askers) t.join();
    BOOST_TEST(c.is_leader());
    c.close(asio::use_future).get();
    BOOST_TEST(!c.is_leader());
  }
  pool.join();
}

BOOST_AUTO_TEST_SUITE_END()
