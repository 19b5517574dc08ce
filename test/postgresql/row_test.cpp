// SPDX-License-Identifier: BSL-1.0
// What the contract of a register does not speak of.
#include "postgresql/row.hpp"

#include "postgresql/connection.hpp"
#include "postgresql/fixture.hpp"
#include <neli/config.hpp>
#include <neli/error.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace neli::test {

namespace {

bool refuses(const std::string& conninfo) {
  try {
    postgresql::row(conninfo).check(config{});
    return false;
  } catch (const config_error& e) {
    BOOST_TEST(e.field() == "conninfo");
    BOOST_TEST(std::string{e.what()}.find("secret") == std::string::npos);
    return true;
  }
}

auto is(errc code) {
  return [code](const error& e) {
    BOOST_TEST_INFO(e.what());
    return e.code() == code;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(postgresql_row)

BOOST_AUTO_TEST_CASE(a_user_without_rights_ends_candidates) {
  tell_postgresql({"CREATE ROLE stranger LOGIN"});
  postgresql_registers in;
  const auto r = in.open(conninfo("stranger"));
  BOOST_CHECK_EXCEPTION(in.run(r->load()), error, is(errc::not_authorized));
}

BOOST_AUTO_TEST_CASE(a_database_without_the_table_ends_candidates) {
  tell_postgresql({"CREATE DATABASE empty"});
  postgresql_registers in;
  const auto r = in.open(conninfo("neli", "empty"));
  BOOST_CHECK_EXCEPTION(in.run(r->load()), error, is(errc::no_ledger));
}

BOOST_AUTO_TEST_CASE(when_the_server_has_been_away_it_goes_on) {
  postgresql_registers in;
  const auto r = in.open();
  const auto written = in.run(r->compare_and_swap("", "x")).present->version;
  auto w = in.start(r->wait_for_change(written));
  in.pass(std::chrono::milliseconds{50});
  the_postgresql().stop();
  BOOST_CHECK_THROW(w.await(), postgresql::failure);
  BOOST_CHECK_THROW(in.run(r->load()), postgresql::failure);
  the_postgresql().start();
  BOOST_TEST(in.run(r->load()).version == written);
  auto again = in.start(r->wait_for_change(written));
  BOOST_TEST(in.run(r->compare_and_swap(written, "y")).swapped);
  again.await();
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_answer_holds_nothing_up) {
  asio::io_context context;
  asio::ip::tcp::acceptor silent{context, {asio::ip::make_address("127.0.0.1"), 0}};
  const auto port = std::to_string(silent.local_endpoint().port());
  postgresql_registers in;
  const auto r = in.open("host=127.0.0.1 port=" + port);
  auto l = in.start(r->load());
  in.pass(std::chrono::milliseconds{50});
  BOOST_TEST(!l.is_done());
  l.cancel();
  l.await_end();
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_work_are_refused) {
  BOOST_TEST(refuses("host=db.example password=secret"));
  BOOST_TEST(refuses("postgresql://app:secret@db.example/app"));
  BOOST_TEST(refuses("host=10.0.0.1,db.example"));
  BOOST_TEST(refuses("password=secret nonsense"));
  BOOST_TEST(!refuses("host=10.0.0.1,::1 dbname=app"));
  BOOST_TEST(!refuses("host=/run/postgresql"));
  BOOST_TEST(!refuses("host=db.example hostaddr=10.0.0.1"));
  BOOST_TEST(!refuses("postgresql://app@[::1]:5433/app"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace neli::test
