// SPDX-License-Identifier: BSL-1.0
#include "support/shell_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

using namespace neli;
using namespace std::chrono_literals;
using test::outcome;

namespace {

/// Each hand-over is two changes: nobody leads, and the next candidate leads.
#ifdef NELI_SANITIZED
constexpr int hand_overs = 1000;
#else
constexpr int hand_overs = 5000;
#endif

struct followers : test::shell_fixture {
  /// What the follower says next, in a word: a name, or why nobody leads; empty if it waits.
  std::string next(follower& f) {
    asio::cancellation_signal stop;
    outcome<leader_changed> o;
    f.next(asio::bind_cancellation_slot(stop.slot(), o.handler()));
    sandbox.settle();
    if (!o.done()) {
      stop.emit(asio::cancellation_type::terminal);
      sandbox.settle();
      return {};
    }
    if (o.error) return o.error.message();
    const auto& c = std::get<0>(*o.results);
    return c.leader ? c.leader->name : std::string{to_string(c.reason)};
  }

  using tokens = std::vector<std::uint64_t>;

  /// The leader's token, or none after a release.
  static std::uint64_t token_of(const leader_changed& c) {
    if (c.leader) return c.leader->token;
    BOOST_TEST((c.reason == vacancy::released));
    return 0;
  }

  void keep_reading(follower& f, tokens& into) {
    start([](follower& from, tokens& to) -> asio::awaitable<void> {
      while (true) to.push_back(token_of(co_await from.next()));
    }(f, into));
  }
  void keep_reading(event_stream& s, tokens& into) {
    start([](event_stream& from, tokens& to) -> asio::awaitable<void> {
      while (true) {
        const auto e = co_await from.next();
        if (const auto* c = e.as<leader_changed>()) to.push_back(token_of(*c));
      }
    }(s, into));
  }
  /// Reads one change each time that the gate is opened.
  void read_slowly(follower& f, test::gate& when, tokens& into) {
    start([](follower& from, test::gate& g, tokens& to) -> asio::awaitable<void> {
      while (true) {
        co_await g.wait();
        to.push_back(token_of(co_await from.next()));
      }
    }(f, when, into));
  }
  void start(asio::awaitable<void> a) {
    asio::co_spawn(context, std::move(a), [](std::exception_ptr) {});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(follower_, followers)

BOOST_AUTO_TEST_CASE(tells_each_change_of_leader) {
  auto f = sandbox.make_follower(quiet());
  BOOST_TEST(next(f) == "released");
  auto a = in_ledger("a");
  auto b = in_ledger("b");
  BOOST_TEST(next(f) == "a");
  BOOST_TEST(next(f) == "");
  a.close([](error_code) {});
  sandbox.settle();
  BOOST_TEST(next(f) == "released");
  BOOST_TEST(next(f) == "b");
  BOOST_TEST(f.leader()->token == b.term()->token());
}

BOOST_AUTO_TEST_CASE(started_before_any_candidate_waits_for_the_first_leader) {
  auto f = sandbox.make_follower(quiet());
  BOOST_TEST(next(f) == "released");  // nobody leads
  sandbox.run_for(1h);
  BOOST_TEST(next(f) == "");
  auto a = in_ledger("a");
  BOOST_TEST(next(f) == "a");
}

BOOST_AUTO_TEST_CASE(started_late_is_told_the_current_state) {
  auto a = in_ledger("a");
  sandbox.run_for(5s);
  auto f = sandbox.make_follower(quiet());
  sandbox.run_for(1s);
  BOOST_TEST(next(f) == "a");
  BOOST_TEST(next(f) == "");
}

BOOST_AUTO_TEST_CASE(follows_candidates_of_a_group_without_being_in_it) {
  auto a = sandbox.make_candidate(named("a"));
  auto f = sandbox.make_follower(quiet());
  sandbox.acquire(a);
  BOOST_TEST(next(f) == "released");
  BOOST_TEST(next(f) == "a");
  BOOST_CHECK_EQUAL(f.leader()->token, a.term()->token());
}

BOOST_AUTO_TEST_CASE(says_so_when_the_leader_falls_silent) {
  auto a = in_ledger("a");
  auto f = sandbox.make_follower(quiet());
  sandbox.run_for(1s);
  BOOST_TEST(next(f) == "a");
  sandbox.partition(a);
  sandbox.run_for(900ms);
  BOOST_TEST(next(f) == "");
  sandbox.run_for(200ms);
  BOOST_TEST(next(f) == "lease expired");
  BOOST_TEST(!f.leader());
}

BOOST_AUTO_TEST_CASE(tells_new_metadata) {
  auto a = in_ledger("a");
  auto f = sandbox.make_follower(quiet());
  sandbox.run_for(1s);
  BOOST_TEST(next(f) == "a");
  a.update_metadata("10.0.0.1:80");
  BOOST_TEST(next(f) == "a");
  BOOST_TEST(f.leader()->metadata == "10.0.0.1:80");
  BOOST_TEST(a.leader()->metadata == "10.0.0.1:80");
  BOOST_TEST(next(f) == "");
}

BOOST_AUTO_TEST_CASE(that_falls_behind_is_told_the_current_state) {
  auto f = sandbox.make_follower(quiet());
  std::uint64_t last = 0;
  for (int i = 0; i < 100; ++i) {
    auto a = in_ledger("a" + std::to_string(i));
    BOOST_TEST(a.term()->token() > last);
    last = a.term()->token();
    a.close([](error_code) {});
    sandbox.settle();
  }
  auto z = in_ledger("z");
  std::string said;
  for (auto s = next(f); !s.empty(); s = next(f)) said = s;
  BOOST_TEST(said == "z");
}

BOOST_AUTO_TEST_CASE(tells_of_thousands_of_changes_as_the_candidates_do) {
  std::vector<candidate> candidates;
  for (const auto* name : {"a", "b"}) candidates.push_back(in_ledger(name));
  const auto leader = [&]() -> candidate& {
    const auto found = std::find_if(candidates.begin(), candidates.end(),
                                    [](const auto& c) { return c.is_leader(); });
    BOOST_REQUIRE((found != candidates.end()));
    return *found;
  };
  auto both = sandbox.make_session(named("both"));
  auto prompt = both.follower("leader");
  auto slow = both.follower("leader");
  sandbox.run_for(1s);  // until all have read who leads
  std::vector<event_stream> streams;
  for (auto& c : candidates) streams.push_back(c.events());

  tokens told_promptly, told_slowly;
  std::vector<tokens> told_by_candidates(streams.size());
  test::gate slowly{context};
  keep_reading(prompt, told_promptly);
  read_slowly(slow, slowly, told_slowly);
  for (std::size_t i = 0; i < streams.size(); ++i) keep_reading(streams[i], told_by_candidates[i]);

  tokens led{leader().term()->token()};
  for (int i = 0; i < hand_overs; ++i) {
    leader().resign([](error_code) {});
    sandbox.run_for(101ms);  // until it may claim again
    led.push_back(0);
    led.push_back(leader().term()->token());
    if (i % 50 == 0) slowly.open();
  }
  BOOST_TEST((told_promptly == led));
  for (const auto& one : told_by_candidates) BOOST_TEST((one == led));
  for (std::size_t i = 2; i < led.size(); i += 2) BOOST_REQUIRE(led[i] > led[i - 2]);

  for (int i = 0; i < 100; ++i) {
    slowly.open();
    sandbox.settle();
  }
  BOOST_TEST(told_slowly.size() > hand_overs / 50u);
  BOOST_TEST(told_slowly.size() < led.size() / 10);
  std::uint64_t last = 0;
  for (const auto token : told_slowly) {
    if (!token) continue;
    BOOST_REQUIRE(token >= last);
    last = token;
  }
  BOOST_TEST(told_slowly.back() == led.back());
}

BOOST_AUTO_TEST_CASE(cancelled_loses_nothing) {
  auto f = sandbox.make_follower(quiet());
  BOOST_TEST(next(f) == "released");
  BOOST_TEST(next(f) == "");  // cancelled
  auto a = in_ledger("a");
  BOOST_TEST(next(f) == "a");
}

BOOST_AUTO_TEST_CASE(closed_ends_its_waiters) {
  auto f = sandbox.make_follower(quiet());
  BOOST_TEST(next(f) == "released");
  outcome<leader_changed> waits;
  outcome<> closed;
  outcome<> until;
  f.next(waits.handler());
  f.wait_closed(until.handler());
  f.close(closed.handler());
  sandbox.settle();
  BOOST_TEST(waits.error == errc::closed);
  BOOST_TEST(closed.done());
  BOOST_TEST(until.done());
  BOOST_TEST(!until.error);
  outcome<> again;
  f.close(again.handler());
  sandbox.settle();
  BOOST_TEST(again.done());
}

BOOST_AUTO_TEST_CASE(destroyed_ends_its_waiters) {
  outcome<leader_changed> waits;
  {
    auto f = sandbox.make_follower(quiet());
    BOOST_TEST(next(f) == "released");
    f.next(waits.handler());
  }
  sandbox.settle();
  BOOST_TEST(waits.error == errc::closed);
}

BOOST_AUTO_TEST_CASE(is_ended_by_an_error_with_its_text) {
  auto f = sandbox.make_follower(quiet());
  BOOST_TEST(next(f) == "released");
  outcome<leader_changed> waits;
  outcome<> until;
  f.next(waits.handler());
  f.wait_closed(until.handler());
  sandbox.fail(f, errc::not_authorized, "no right to read");
  BOOST_TEST(waits.error == errc::not_authorized);
  BOOST_TEST(waits.error.message() == "no right to read");
  BOOST_TEST(until.error == errc::not_authorized);
}

BOOST_AUTO_TEST_SUITE_END()
