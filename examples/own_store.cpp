// SPDX-License-Identifier: BSL-1.0
// A store that neli does not know: here a table in memory, which stands for a database. Two
// candidates hold their election over one row of it.
#include <neli/neli.hpp>
#include <neli/stores/register.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Its rows have a value, and a number that is another one after each change.
struct table {
  struct row {
    std::string value;
    int number = 0;
  };
  std::map<std::string, row> rows;
  int last_number = 0;
};

//[own_store
class row final : public neli::shared_register {
 public:
  row(table& t, std::string key) : table_{t}, key_{std::move(key)} {}

  asio::awaitable<neli::register_value> load() override { co_return now(); }

  asio::awaitable<neli::register_swap> compare_and_swap(std::string expected,
                                                        std::string bytes) override {
    // UPDATE ... SET value = bytes, number = ... WHERE key = ... AND number = expected
    if (now().version != expected) co_return neli::register_swap{false, now()};
    table_.rows[key_] = {std::move(bytes), ++table_.last_number};
    co_return neli::register_swap{true, now()};
  }

  asio::awaitable<std::optional<neli::register_value>> wait_for_change(
      std::string version) override {
    asio::steady_timer timer{co_await asio::this_coro::executor};
    while (now().version == version) {
      timer.expires_after(20ms);  // a store that tells of changes needs no such loop
      co_await timer.async_wait(asio::deferred);
    }
    co_return now();
  }

 private:
  neli::register_value now() const {
    const auto found = table_.rows.find(key_);
    if (found == table_.rows.end()) return {};
    return {found->second.value, std::to_string(found->second.number)};
  }

  table& table_;
  std::string key_;
};

neli::config config_for(table& t) {
  return {.store = neli::register_store{.make =
                                            [&t](const auto&, const neli::config& c) {
                                              return std::make_unique<row>(t, c.ledger);
                                            },
                                        .kind = "table row"},
          .ledger = "my-app.leader",
          .lease = 1s};
}
//]

asio::awaitable<void> hand_over(table& t) {
  const auto executor = co_await asio::this_coro::executor;
  neli::candidate first{executor, config_for(t)};
  if (co_await first.pulse()) std::cout << "the first leads" << std::endl;
  neli::candidate second{executor, config_for(t)};
  co_await first.close();
  if (co_await second.pulse()) std::cout << "the second leads" << std::endl;
  co_await second.close();
  std::cout << "the row has " << t.rows["my-app.leader"].value.size() << " bytes" << std::endl;
}

/// Throws out of `context.run()`.
void rethrow(std::exception_ptr e) {
  if (e) std::rethrow_exception(e);
}

int main() {
  table t;
  asio::io_context context{1};
  asio::co_spawn(context, hand_over(t), rethrow);
  context.run();
}
