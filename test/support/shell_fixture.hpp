// SPDX-License-Identifier: BSL-1.0
// What tests of candidates in a sandbox share.
#pragma once

#include <neli/neli.hpp>
#include <neli/testing/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli {
inline std::ostream& boost_test_print_type(std::ostream& to, errc e) {
  return to << make_error_code(e);
}
}  // namespace neli

namespace boost::asio::error {
inline std::ostream& boost_test_print_type(std::ostream& to, basic_errors e) {
  return to << make_error_code(e);
}
}  // namespace boost::asio::error

namespace neli::test {

/// Coroutines wait at the gate until the test opens it, or they are cancelled.
class gate {
 public:
  explicit gate(asio::io_context& c) : timer_{c, asio::steady_timer::time_point::max()} {}

  asio::awaitable<void> wait() {
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  void open() { timer_.cancel(); }

 private:
  asio::steady_timer timer_;
};

/// The outcome of an operation, as its handler got it. The handler may outlive this.
template <class... Results>
class outcome {
  struct state {
    int times = 0;
    error_code error;
    std::optional<std::tuple<Results...>> results;
  };
  std::shared_ptr<state> state_ = std::make_shared<state>();

 public:
  int& times = state_->times;
  error_code& error = state_->error;
  std::optional<std::tuple<Results...>>& results = state_->results;

  outcome() = default;
  outcome(const outcome&) = delete;

  bool done() const { return times > 0; }
  auto handler() {
    return [to = state_](error_code e, Results... r) {
      ++to->times;
      to->error = e;
      to->results.emplace(std::move(r)...);
    };
  }
};

struct shell_fixture {
  static constexpr auto nothing = [](error_code) {};

  asio::io_context context;
  testing::sandbox sandbox{context};
  std::vector<std::string> told;  ///< to barriers

  static config quiet() {
    return {.name = "test", .lease = std::chrono::seconds{1}, .logger = no_logger()};
  }
  static config named(std::string name) {
    auto c = quiet();
    c.name = std::move(name);
    return c;
  }

  candidate in_ledger(std::string name, barrier_function barrier = {}) {
    return sandbox.make_contender(named(std::move(name)), std::move(barrier));
  }

  /// A barrier that notes the events that it is given.
  barrier_function note(std::string who = {}) {
    return [this, who](event e) -> asio::awaitable<void> {
      told.push_back(who + kind(e));
      co_return;
    };
  }

  static std::string kind(const event& e) {
    static const char* const names[] = {"acquired",       "revoked", "fenced",     "changed",
                                        "barrier_failed", "trouble", "task_failed"};
    return names[e.index()];
  }

  /// Runs a coroutine to its end while no time passes, and throws what the coroutine throws.
  template <class T>
  T run(asio::awaitable<T> a) {
    std::optional<T> result;
    std::exception_ptr error;
    asio::co_spawn(context, std::move(a), [&](std::exception_ptr e, T r) {
      error = e;
      result = std::move(r);
    });
    sandbox.settle();
    if (error) std::rethrow_exception(error);
    BOOST_REQUIRE_MESSAGE(result, "the coroutine still waits");
    return std::move(*result);
  }

  /// Checks that no work is left when a test is over.
  ~shell_fixture() {
    sandbox.settle();
    BOOST_TEST(context.stopped(), "operations are left over");
  }
};

}  // namespace neli::test
