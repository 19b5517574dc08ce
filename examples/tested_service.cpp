// SPDX-License-Identifier: BSL-1.0
// A service that works while it leads, and its test suite: without a broker, and without waiting.
#define BOOST_TEST_MODULE tested_service
#include <neli/neli.hpp>
#include <neli/testing/sandbox.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

// --- the service ---

/// Collects entries while it leads, and writes them down before another candidate leads.
class journal {
 public:
  explicit journal(neli::candidate c) : candidate_{std::move(c)} {
    candidate_.update_metadata("http://journal-1:8080");
    candidate_.lead([s = state_](const neli::term&) { return s->work(); }, asio::detached);
  }

  const neli::candidate& candidate() const { return candidate_; }
  bool is_working() const { return state_->working; }
  const std::vector<std::string>& written() const { return state_->written; }

  /// False: this process does not lead, so ask the leader.
  bool add(std::string entry) {
    if (!candidate_.is_leader()) return false;
    state_->collected.push_back(std::move(entry));
    return true;
  }

 private:
  /// Apart from the service, as the task may end after the service is gone.
  struct state : std::enable_shared_from_this<state> {
    bool working = false;
    std::vector<std::string> collected, written;

    asio::awaitable<void> work() {
      const auto self = shared_from_this();
      working = true;
      asio::steady_timer cancelled{co_await asio::this_coro::executor,
                                   asio::steady_timer::time_point::max()};
      co_await cancelled.async_wait(asio::as_tuple(asio::deferred));
      written.insert(written.end(), collected.begin(), collected.end());
      collected.clear();
      working = false;
    }
  };

  std::shared_ptr<state> state_ = std::make_shared<state>();
  neli::candidate candidate_;
};

// --- its tests ---

struct fixture {
  asio::io_context context;
  neli::testing::sandbox sandbox{context};
  neli::config config{.lease = 3s, .logger = neli::no_logger()};
  journal service{sandbox.make_candidate(config)};
  neli::candidate other = sandbox.make_candidate(config);
};

BOOST_FIXTURE_TEST_CASE(works_only_while_it_leads, fixture) {
  BOOST_TEST(!service.is_working());
  BOOST_TEST(!service.add("too early"));
  sandbox.acquire(service.candidate());
  BOOST_TEST(service.is_working());
  BOOST_TEST(service.add("first"));
  sandbox.acquire(other);
  BOOST_TEST(!service.is_working());
  BOOST_TEST(!service.add("too late"));
}

BOOST_FIXTURE_TEST_CASE(has_written_everything_when_another_leads, fixture) {
  sandbox.acquire(service.candidate());
  service.add("first");
  sandbox.acquire(other);
  BOOST_TEST(other.is_leader());
  BOOST_TEST(service.written().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(stops_before_its_lease_has_passed_when_it_is_cut_off, fixture) {
  sandbox.acquire(service.candidate());
  sandbox.partition(service.candidate());
  sandbox.run_for(service.candidate().term()->deadline() - sandbox.now() - 1ms);
  BOOST_TEST(service.candidate().is_leader());
  BOOST_TEST(!service.is_working());
}

BOOST_FIXTURE_TEST_CASE(accepts_nothing_after_a_pause, fixture) {
  sandbox.acquire(service.candidate());
  sandbox.jump(1h);
  BOOST_TEST(!service.add("an hour late"));
}

BOOST_FIXTURE_TEST_CASE(tells_where_it_is_to_be_reached, fixture) {
  auto follower = sandbox.make_follower(config);
  sandbox.acquire(service.candidate());
  BOOST_REQUIRE(follower.leader());
  BOOST_TEST(follower.leader()->metadata == "http://journal-1:8080");
}
