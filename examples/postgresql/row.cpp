// SPDX-License-Identifier: BSL-1.0
#include "row.hpp"

#include "connection.hpp"
#include <neli/config.hpp>
#include <neli/error.hpp>

#include <boost/asio/ip/address.hpp>

#include <array>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

namespace postgresql {

// The version is drawn at random, so that none comes back, not even when the row is deleted, or the
// database is restored. Half of each page is left free, so that an update has room beside the old
// row.
const std::array<const char*, 3> schema{
    R"(CREATE TABLE neli_register (
         name text PRIMARY KEY, version uuid NOT NULL, value bytea NOT NULL
       ) WITH (fillfactor = 50))",
    R"(CREATE FUNCTION neli_register_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         PERFORM pg_notify('neli_register', coalesce(NEW.name, OLD.name));
         RETURN NULL;
       END $$)",
    R"(CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON neli_register
       FOR EACH ROW EXECUTE FUNCTION neli_register_changed())",
};

namespace {

constexpr auto look = "SELECT version::text, value FROM neli_register WHERE name = $1::text";
constexpr auto write_first = R"(
  INSERT INTO neli_register (name, version, value)
  VALUES ($1::text, gen_random_uuid(), $2::bytea) ON CONFLICT DO NOTHING RETURNING version::text)";
constexpr auto write_next = R"(
  UPDATE neli_register SET version = gen_random_uuid(), value = $2::bytea
  WHERE name = $1::text AND version::text = $3::text RETURNING version::text)";

// PostgreSQL's codes.
constexpr auto no_rights = "42501";
constexpr auto no_table = "42P01";

neli::register_value value_of(const rows& found) {
  if (found.count() == 0) return {};
  return {.bytes = found.at(0, 1), .version = found.at(0, 0)};
}

//[postgresql
class row_register final : public neli::shared_register {
 public:
  row_register(const asio::any_io_executor& on, const std::string& conninfo, std::string name)
      : connection_{on, conninfo},
        listening_{on, conninfo, "LISTEN neli_register"},
        name_{std::move(name)} {}

  asio::awaitable<neli::register_value> load() override {
    co_return value_of(co_await ask(look, name_));
  }

  asio::awaitable<neli::register_swap> compare_and_swap(std::string expected,
                                                        std::string bytes) override {
    auto writing =
        expected.empty() ? ask(write_first, name_, bytes) : ask(write_next, name_, bytes, expected);
    const auto written = co_await std::move(writing);
    if (written.count() == 0) co_return neli::register_swap{false};
    co_return neli::register_swap{true, neli::register_value{{}, written.at(0, 0)}};
  }

  asio::awaitable<std::optional<neli::register_value>> wait_for_change(
      std::string version) override {
    for (;;) {
      auto now = value_of(co_await listening_.ask(look, name_));
      if (now.version != version) co_return now;
      while (co_await listening_.notification() != name_) {
      }
    }
  }

 private:
  template <class... Bytes>
  asio::awaitable<rows> ask(const char* sql, const Bytes&... parameters) {
    try {
      co_return co_await connection_.ask(sql, parameters...);
    } catch (const failure& f) {
      // What does not pass ends the candidates. All else is trouble, and neli tries again.
      if (f.code() == no_rights) throw neli::error{neli::errc::not_authorized, f.what()};
      if (f.code() == no_table) throw neli::error{neli::errc::no_ledger, f.what()};
      throw;
    }
  }

  connection connection_;
  connection listening_;
  std::string name_;
};
//]

/// libpq looks up names in a way that blocks.
bool is_address_or_folder(const std::string& host) {
  boost::system::error_code bad;
  asio::ip::make_address(host, bad);
  return !bad || host.starts_with('/');
}

void check(const std::string& conninfo) {
  const auto refuse = [](const std::string& rule) {
    throw neli::config_error{"conninfo", "(not shown)", rule};
  };
  char* text = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> all{
      PQconninfoParse(conninfo.c_str(), &text), PQconninfoFree};
  const std::unique_ptr<char, void (*)(void*)> why{text, PQfreemem};
  if (!all) refuse(text ? text : "must be libpq's");
  std::string hosts, addresses;
  for (const auto* o = all.get(); o->keyword; ++o) {
    if (o->val && o->keyword == std::string_view{"host"}) hosts = o->val;
    if (o->val && o->keyword == std::string_view{"hostaddr"}) addresses = o->val;
  }
  if (!addresses.empty()) return;
  std::istringstream each{hosts};
  for (std::string host; std::getline(each, host, ',');)
    if (!is_address_or_folder(host))
      refuse("must have addresses in host or hostaddr, as looking up names would block");
}

}  // namespace

neli::register_store row(const std::string& conninfo) {
  return {.make =
              [=](const asio::any_io_executor& on, const neli::config& c) {
                return std::make_unique<row_register>(on, conninfo, c.ledger);
              },
          .kind = "PostgreSQL row",
          .check = [=](const neli::config&) { check(conninfo); }};
}

}  // namespace postgresql
