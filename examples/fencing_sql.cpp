// SPDX-License-Identifier: BSL-1.0
// Fencing by a predicate in SQL: leaders store how far they have read a feed, and the database
// refuses the late write of a leader that was overtaken. docs/fencing.md says why.
#include "broker.hpp"
#include <neli/neli.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <iostream>
#include <stdexcept>

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Runs a statement with `values` for `?1`, `?2`; returns the number that a query finds.
std::uint64_t run(sqlite3* db, const char* sql, std::initializer_list<std::uint64_t> values = {}) {
  sqlite3_stmt* statement = nullptr;
  int error = sqlite3_prepare_v2(db, sql, -1, &statement, nullptr);
  int index = 0;
  for (const auto value : values)  // SQLite's integers are signed; tokens are below 2^53
    sqlite3_bind_int64(statement, ++index, static_cast<sqlite3_int64>(value));
  const bool found = sqlite3_step(statement) == SQLITE_ROW;
  const auto number = found ? sqlite3_column_int64(statement, 0) : 0;
  if (!error) error = sqlite3_finalize(statement);  // tells the error of the step
  if (error) throw std::runtime_error{sqlite3_errmsg(db)};
  return static_cast<std::uint64_t>(number);
}

//[feed
/// Both tell whether the token was accepted. The database runs a statement as one step.
bool take_over(sqlite3* db, std::uint64_t token) {
  run(db, "UPDATE feed SET token = ?1 WHERE token <= ?1", {token});
  return sqlite3_changes(db) == 1;
}

bool store(sqlite3* db, std::uint64_t token, std::uint64_t position) {
  run(db, "UPDATE feed SET token = ?1, position = ?2 WHERE token <= ?1", {token, position});
  return sqlite3_changes(db) == 1;
}
//]

void tell(const char* what, std::uint64_t token, bool accepted) {
  std::cout << what << " with token " << token << ": " << (accepted ? "accepted" : "refused")
            << std::endl;
}

asio::awaitable<void> hand_over(neli::config config, sqlite3* db) {
  const auto executor = co_await asio::this_coro::executor;
  config.lease = 1s;  // the first leader of a new topic waits for as long

  neli::candidate first{executor, config};
  co_await first.pulse();
  const auto old_token = first.term().value().token();
  tell("the first takes over", old_token, take_over(db, old_token));
  tell("the first stores 10", old_token, store(db, old_token, 10));

  neli::candidate second{executor, config};
  co_await first.close();
  co_await second.pulse();
  const auto token = second.term().value().token();
  tell("the second takes over", token, take_over(db, token));
  const auto position = run(db, "SELECT position FROM feed");

  // This write was on its way when the first leader was overtaken. If it were accepted now, what
  // the second has just read would be wrong.
  tell("the first stores 15, late,", old_token, store(db, old_token, 15));

  std::cout << "the second goes on from " << position << std::endl;
  tell("the second stores 20", token, store(db, token, 20));
  co_await second.close();
}

/// Throws out of `context.run()`.
void rethrow(std::exception_ptr e) {
  if (e) std::rethrow_exception(e);
}

int main(int argc, char** argv) {
  sqlite3* db = nullptr;
  if (sqlite3_open(":memory:", &db) != SQLITE_OK) return 1;
  run(db, "CREATE TABLE feed (token INTEGER NOT NULL, position INTEGER NOT NULL)");
  run(db, "INSERT INTO feed VALUES (0, 0)");

  broker kafka{argc, argv};
  asio::io_context context{1};
  asio::co_spawn(context, hand_over(kafka.config("fencing-sql"), db), rethrow);
  context.run();
  sqlite3_close(db);
}
