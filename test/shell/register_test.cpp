// SPDX-License-Identifier: BSL-1.0
// A register as the store: its settings, and how a candidate uses what they make.
#include "support/shell_fixture.hpp"
#include <neli/stores/register.hpp>

#include <boost/asio/this_coro.hpp>

#include <functional>

using namespace neli;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> for_ever() {
  asio::steady_timer t{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
  co_await t.async_wait(asio::use_awaitable);
}

/// Never answers.
class silent final : public shared_register {
 public:
  explicit silent(std::weak_ptr<int>& alive) { alive = alive_; }

  asio::awaitable<register_value> load() override {
    co_await for_ever();
    co_return register_value{};
  }
  asio::awaitable<register_swap> compare_and_swap(std::string, std::string) override {
    co_await for_ever();
    co_return register_swap{};
  }
  asio::awaitable<std::optional<register_value>> wait_for_change(std::string) override {
    co_await for_ever();
    co_return std::nullopt;
  }

 private:
  std::shared_ptr<int> alive_ = std::make_shared<int>();
};

/// Does not work.
class broken final : public shared_register {
 public:
  asio::awaitable<register_value> load() override {
    throw error{errc::not_authorized, "the key is somebody else's"};
  }
  asio::awaitable<register_swap> compare_and_swap(std::string, std::string) override {
    co_return register_swap{};
  }
  asio::awaitable<std::optional<register_value>> wait_for_change(std::string) override {
    co_return std::nullopt;
  }
};

struct on_a_register {
  asio::io_context context;
  std::weak_ptr<int> alive;
  register_store settings{
      .make = [this](const auto&, const config&) { return std::make_unique<silent>(alive); }};

  config whole() const {
    auto c = test::shell_fixture::quiet();
    c.store = settings;
    return c;
  }
  void refused(const std::string& field, const std::string& value, const std::string& rule) {
    BOOST_CHECK_EXCEPTION((candidate{context.get_executor(), whole()}), config_error,
                          [&](const config_error& e) {
                            BOOST_TEST(e.field() == field);
                            BOOST_TEST(e.value() == value);
                            BOOST_TEST(e.rule() == rule);
                            return true;
                          });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(registers, on_a_register)

BOOST_AUTO_TEST_CASE(it_must_be_said_how_a_register_is_made) {
  settings.make = {};
  refused("register_store.make", "", "must make the register");
  settings.make = [](const auto&, const auto&) { return std::unique_ptr<shared_register>{}; };
  refused("register_store.make", "null", "must make the register");
}

BOOST_AUTO_TEST_CASE(a_value_has_from_4_kib_to_64_mib) {
  for (const std::size_t bad : {0U, 4095U, 64U * 1024 * 1024 + 1}) {
    settings.most_bytes = bad;
    refused("register_store.most_bytes", std::to_string(bad),
            "must be from 4096 (4 KiB) to 67108864 (64 MiB)");
  }
  for (const std::size_t good : {4096U, 64U * 1024 * 1024}) {
    settings.most_bytes = good;
    candidate{context.get_executor(), whole()};
  }
}

BOOST_AUTO_TEST_CASE(the_name_of_its_ledger_is_text) {
  auto c = whole();
  c.ledger = "\xff";
  BOOST_CHECK_EXCEPTION((candidate{context.get_executor(), c}), config_error,
                        [](const auto& e) { return e.field() == "ledger"; });
  c.ledger = "/any/name at all";
  candidate{context.get_executor(), c};
}

BOOST_AUTO_TEST_CASE(a_kind_of_register_checks_what_it_knows) {
  settings.check = [](const config& c) {
    BOOST_TEST(!c.ledger.empty());
    throw config_error{"ledger", c.ledger, "must begin with '/'"};
  };
  auto c = whole();
  BOOST_CHECK_EXCEPTION((candidate{context.get_executor(), c}), config_error,
                        [](const auto& e) { return e.rule() == "must begin with '/'"; });
}

BOOST_AUTO_TEST_CASE(the_register_is_made_with_the_complete_configuration) {
  config told;
  settings.make = [&](const auto&, const config& c) {
    told = c;
    return std::make_unique<silent>(alive);
  };
  candidate{context.get_executor(), whole()};
  BOOST_TEST(!told.ledger.empty());
  BOOST_TEST(told.heartbeat_period.count() > 0);
}

BOOST_AUTO_TEST_CASE(an_error_of_nelis_ends_the_candidate) {
  settings.make = [](const auto&, const config&) { return std::make_unique<broken>(); };
  candidate c{context.get_executor(), whole()};
  error_code ended;
  c.wait_closed([&](error_code e) { ended = e; });
  context.run();
  BOOST_TEST((ended == errc::not_authorized));
  BOOST_TEST(ended.message().find("the key is somebody else's") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_candidate_that_is_closed_leaves_no_register_behind) {
  candidate c{context.get_executor(), whole()};
  context.poll();
  BOOST_TEST(!alive.expired());
  bool closed = false;
  c.close([&](error_code) { closed = true; });
  context.run();
  BOOST_TEST(closed);
  BOOST_TEST(alive.expired());
}

BOOST_AUTO_TEST_CASE(the_end_of_the_context_leaves_no_register_behind) {
  std::optional<asio::io_context> ends{std::in_place};
  std::optional<candidate> c{std::in_place, ends->get_executor(), whole()};
  ends->poll();
  BOOST_TEST(!alive.expired());
  c.reset();
  ends.reset();
  BOOST_TEST(alive.expired());
}

BOOST_AUTO_TEST_SUITE_END()
