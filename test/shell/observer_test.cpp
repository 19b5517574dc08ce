// SPDX-License-Identifier: BSL-1.0
#include "support/shell_fixture.hpp"

#include <boost/json/parse.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace neli;
using namespace std::chrono_literals;

namespace {

/// Notes what it is told.
struct noting : observer {
  void stepped(const election_step& s) override {
    auto text = std::string{to_string(s.input())} + ":";
    for (std::size_t n = 0; n < s.actions(); ++n) {
      text.append(" ").append(to_string(s.action(n)));
      if (!s.role_of_action(n).empty()) text.append(" ").append(s.role_of_action(n));
    }
    steps.emplace_back(s.at(), text);
    const auto o = boost::json::parse(s.to_json()).as_object();
    BOOST_TEST(o.at("in").at("what").as_string() == to_string(s.input()));
    BOOST_TEST(o.at("out").as_array().size() == s.actions());
    for (std::size_t n = 0; n < s.actions(); ++n)
      BOOST_TEST(o.at("out").at(n).at("what").as_string() == to_string(s.action(n)));
  }
  void appended(clock::duration took) override { took_.push_back(took); }
  void append_failed(clock::duration after) override { failed_after.push_back(after); }
  void store_trouble(std::string_view part, const trouble& t) override {
    troubles.push_back(std::string{part} + ": " + t.what);
  }

  std::vector<std::pair<clock::time_point, std::string>> steps;
  std::vector<clock::duration> took_, failed_after;
  std::vector<std::string> troubles;
};

struct observed : test::shell_fixture {
  std::shared_ptr<noting> sees = std::make_shared<noting>();

  candidate make() {
    auto c = quiet();
    c.observer = sees;
    return sandbox.make_contender(c);
  }
  bool saw(const std::string& step) const {
    for (const auto& [at, text] : sees->steps)
      if (text == step) return true;
    return false;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(observers, observed)

BOOST_AUTO_TEST_CASE(see_each_step_with_its_moment_its_input_and_its_actions) {
  auto c = make();
  BOOST_TEST_REQUIRE(c.is_leader());
  BOOST_TEST(sees->steps.front().second == "start: read_back");
  BOOST_TEST((sees->steps.front().first == sandbox.now()));
  BOOST_TEST(saw("barrier_done: lead leader hindered leader"));
  sandbox.run_for(250ms);
  BOOST_TEST(saw("tick: append"));
  BOOST_TEST((sees->steps.back().first == sandbox.now()));
}

BOOST_AUTO_TEST_CASE(see_how_long_appends_take) {
  auto c = make();
  sees->took_.clear();
  sandbox.delay(c, 30ms);
  sandbox.run_for(300ms);
  const std::vector<clock::duration> expected{30ms};
  BOOST_TEST((sees->took_ == expected));
  BOOST_TEST(sees->failed_after.empty());
}

BOOST_AUTO_TEST_CASE(see_that_appends_fail) {
  auto c = make();
  sandbox.partition(c);
  sandbox.run_for(1250ms);
  BOOST_TEST_REQUIRE(!sees->failed_after.empty());
  BOOST_TEST((sees->failed_after.front() == 1000ms));
}

BOOST_AUTO_TEST_CASE(see_what_the_store_cannot_do) {
  auto c = make();
  sandbox.trouble(c, make_error_code(errc::not_authorized), "no way");
  sandbox.trouble(c, {}, "well again");
  const std::vector<std::string> expected{"the ledger: no way", "the ledger: well again"};
  BOOST_TEST(sees->troubles == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(know_words_for_all_that_they_see) {
  for (int k = 0; k <= static_cast<int>(input_kind::tick); ++k)
    BOOST_TEST(to_string(static_cast<input_kind>(k)) != "?");
  for (int k = 0; k <= static_cast<int>(action_kind::finished); ++k)
    BOOST_TEST(to_string(static_cast<action_kind>(k)) != "?");
  BOOST_TEST(to_string(static_cast<input_kind>(-1)) == "?");
  BOOST_TEST(to_string(static_cast<action_kind>(99)) == "?");
}

BOOST_AUTO_TEST_SUITE_END()
