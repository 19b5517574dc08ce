// SPDX-License-Identifier: BSL-1.0
// Terms come and go within one process and leave nothing behind.
#include "elections/fixture.hpp"
#include "support/usage.hpp"
#include <neli/neli.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace neli;
using namespace std::chrono_literals;
using test::all_stores;

namespace {

/// Two candidates, of which the one that leads resigns again and again.
class taking_turns {
 public:
  explicit taking_turns(test::real_store& over)
      : ledger_{over.new_ledger()}, all_{make(over, "a"), make(over, "b")} {}

  /// One term more.
  void turn() {
    for (auto& c : all_)
      if (c.is_leader()) c.resign(1ms, boost::asio::detached);
    until([this] {
      for (const auto& c : all_)
        if (const auto t = c.term(); c.is_leader() && t && t->token() > last_) {
          last_ = t->token();
          return true;
        }
      return false;
    });
  }
  /// Until the records of earlier terms are forgotten.
  void rest() {
    context_.restart();
    context_.run_for(6 * lease);
  }
  void close() {
    std::size_t open = all_.size();
    for (auto& c : all_) c.close([&](error_code) { --open; });
    until([&] { return open == 0; });
  }

 private:
  static constexpr auto lease = 400ms;

  candidate make(test::real_store& over, const std::string& name) {
    return candidate{context_.get_executor(),
                     {.store = over.settings(),
                      .ledger = ledger_,
                      .name = name,
                      .lease = lease,
                      .logger = no_logger()}};
  }
  template <class Condition>
  void until(Condition so) {
    const auto give_up = std::chrono::steady_clock::now() + 2min;
    context_.restart();
    while (!so()) {
      BOOST_REQUIRE(std::chrono::steady_clock::now() < give_up);
      context_.run_one_for(10ms);
    }
  }

  boost::asio::io_context context_;
  std::uint64_t last_ = 0;
  std::string ledger_;
  std::array<candidate, 2> all_;
};

/// What this process uses.
struct usage {
  std::ptrdiff_t threads = test::settled_threads();
  std::ptrdiff_t descriptors = test::descriptors();
  std::ptrdiff_t heap = test::heap();
  long resident_kb = test::resident_kb();
};

}  // namespace

BOOST_AUTO_TEST_SUITE(lifetimes)

// Its long form is NELI_TRIALS=10000.
BOOST_DATA_TEST_CASE(terms_that_come_and_go_leave_nothing_behind, all_stores, kind) {
  taking_turns candidates{test::store_of(kind)};
  for (int n = 0; n < 200; ++n) candidates.turn();  // the allocator keeps something
  candidates.rest();
  const usage before;
  const auto wanted = test::trials(400);
  for (int n = 0; n < wanted; ++n) candidates.turn();
  candidates.rest();
  const usage after;
  BOOST_TEST(test::no_more_threads_than(before.threads));
  // A client that happens to connect anew has one more for a moment.
  BOOST_TEST(after.descriptors <= before.descriptors + 2);
  BOOST_TEST_MESSAGE(kind << ": " << wanted << " terms; descriptors: " << before.descriptors
                          << ", then " << after.descriptors << "; the heap has grown by "
                          << after.heap - before.heap << " bytes, what is resident by "
                          << after.resident_kb - before.resident_kb << " kB");
  BOOST_TEST((test::keeps_what_was_freed || after.heap - before.heap < 100'000));
  BOOST_TEST((test::keeps_what_was_freed || after.resident_kb - before.resident_kb < 5'000));
  candidates.close();
}

BOOST_AUTO_TEST_SUITE_END()
