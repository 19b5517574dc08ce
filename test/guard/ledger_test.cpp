// SPDX-License-Identifier: BSL-1.0
// What the guard is told, and when. Here it is a program that writes down all that it is told.
#include "guard/ledger.hpp"

#include "core/record.hpp"
#include "support/comes_about.hpp"
#include <neli/logging.hpp>
#include <neli/stores/kafka.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace neli::test {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// A ledger that does nothing but say that it is asked to append.
struct bare_ledger final : stores::ledger {
  bare_ledger(stores::ledger::listener& l, std::function<void()> a)
      : listener{l}, appends{std::move(a)} {}

  void read_back(std::uint64_t) override {}
  void append(core::ticket, std::string) override { appends(); }
  void stop() override {}

  stores::ledger::listener& listener;
  std::function<void()> appends;
};

struct nobody final : stores::ledger::listener {
  void reading(core::offset, bool, const std::string&) override {}
  void record(core::offset, core::stamp, std::string_view) override {}
  void end_reached() override {}
  void gap(const std::string&) override {}
  void appended(core::ticket) override {}
  void append_failed(core::ticket, const std::string&) override {}
  void trouble(const std::string&, boost::system::error_code, const std::string& what) override {
    troubles.push_back(what);
  }
  void failed(boost::system::error_code, const std::string&) override {}

  std::vector<std::string> troubles;
};

struct fixture {
  fixture() {
    neli::config c{.store = kafka{},
                   .ledger = "ledger",
                   .name = "name",
                   .logger = no_logger(),
                   .guard = neli::guard{.command = {"sh", "-c", "exec cat <&3 >" + file}}};
    const auto make = [this](const strand&, stores::ledger::listener& l) {
      auto made = std::make_unique<bare_ledger>(l, [this] { appends(); });
      inner = made.get();
      return stores::store{std::move(made), {}};
    };
    outer = guards::guarded(make, c)(asio::make_strand(context.get_executor()), listener).ledger;
    outer->read_back(0);
    context.run_for(50ms);
  }
  ~fixture() {
    outer->stop();
    std::filesystem::remove(file);
  }

  /// Whether the guard has been told that, or is within the time.
  bool told(const std::string& kind, milliseconds within = 30s) const {
    const auto so = [&] {
      std::ifstream all{file};
      const std::string text{std::istreambuf_iterator<char>{all}, {}};
      return text.find(R"("kind":")" + kind + '"') != text.npos;
    };
    return comes_about(
        so, [] { std::this_thread::sleep_for(5ms); }, within);
  }
  void claim() {
    const core::author by{"id", "name", "", 1s};
    append(1, core::claim{"r", by, 7});
  }
  void release() { append(2, core::release{.role = "r", .id = "id", .term = 7}); }
  void append(core::ticket t, const core::record& r) {
    outer->append(t, core::encode(r));
    context.poll();
  }

  const std::string file =
      std::filesystem::temp_directory_path() / ("neli-told-" + std::to_string(::getpid()));
  asio::io_context context;
  nobody listener;
  bare_ledger* inner = nullptr;
  std::unique_ptr<stores::ledger> outer;
  std::function<void()> appends = [] {};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(what_a_guard_is_told, fixture)

BOOST_AUTO_TEST_CASE(it_is_told_of_a_claim_before_the_claim_is_sent) {
  bool before = false;
  appends = [&] { before = told("claimed"); };
  claim();
  BOOST_TEST(before);
}

BOOST_AUTO_TEST_CASE(it_is_told_that_a_term_has_ended_when_the_release_is_in_the_log) {
  claim();
  release();
  BOOST_TEST(told("claimed"));
  BOOST_TEST(!told("ended", 200ms));
  inner->listener.appended(2);
  BOOST_TEST(told("ended"));
}

BOOST_AUTO_TEST_CASE(it_is_not_told_so_of_a_release_that_may_not_be_in_the_log) {
  claim();
  release();
  inner->listener.append_failed(2, "why");
  BOOST_TEST(!told("ended", 200ms));
}

BOOST_AUTO_TEST_CASE(it_is_told_nothing_of_heartbeats) {
  append(1, core::heartbeat{{"id", "name", "", 1s}, 1, 0, {{"r", 7, 0ms}}});
  BOOST_TEST(told("hello"));
  BOOST_TEST(!told("claimed", 200ms));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
