// SPDX-License-Identifier: BSL-1.0
#include "postgresql/fixture.hpp"

#include "postgresql/connection.hpp"
#include "postgresql/row.hpp"
#include <neli/config.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>

namespace neli::test {

namespace {

asio::awaitable<void> ask(postgresql::connection& c, const std::vector<std::string>& statements) {
  for (const auto& s : statements) co_await c.ask(s.c_str());
}

std::string conninfo_of(const servers& s, const std::string& user, const std::string& database) {
  return "host=127.0.0.1 port=" + std::to_string(s.port()) + " user=" + user +
         " dbname=" + database;
}

void tell(const std::string& conninfo, const std::vector<std::string>& statements) {
  asio::io_context context;
  postgresql::connection c{context.get_executor(), conninfo};
  asio::co_spawn(context, ask(c, statements), [](const std::exception_ptr& e) {
    if (e) std::rethrow_exception(e);
  });
  context.run();
}

}  // namespace

servers& the_postgresql() {
  // What is lost with the machine does not matter to tests.
  static servers one{{"postgresql", "--", "-cfsync=off"}};
  static const bool has_table = [] {
    tell(conninfo_of(one, "neli", "postgres"),
         {postgresql::schema.begin(), postgresql::schema.end()});
    return true;
  }();
  BOOST_REQUIRE(has_table);
  return one;
}

std::string conninfo(const std::string& user, const std::string& database) {
  return conninfo_of(the_postgresql(), user, database);
}

void tell_postgresql(const std::vector<std::string>& statements) { tell(conninfo(), statements); }

std::string unique_name() {
  static int n = 0;
  return "row " + std::to_string(++n);
}

std::unique_ptr<shared_register> postgresql_registers::open(const std::string& conninfo) {
  return postgresql::row(conninfo).make(on(), config{.ledger = name});
}

void postgresql_registers::remove() {
  tell_postgresql({"DELETE FROM neli_register WHERE name = '" + name + "'"});
}

}  // namespace neli::test
