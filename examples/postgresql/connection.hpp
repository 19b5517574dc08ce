// SPDX-License-Identifier: BSL-1.0
// A connection to PostgreSQL on the event loop: libpq without blocking and without a thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/descriptor_base.hpp>

#include <libpq-fe.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postgresql {

namespace asio = boost::asio;

/// PostgreSQL's own text, and its code for it: "42P01" for instance; empty if the server did not
/// tell one.
class failure : public std::runtime_error {
 public:
  explicit failure(const std::string& text, std::string code = {})
      : runtime_error{text}, code_{std::move(code)} {}
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

/// The rows of an answer. All of their columns are bytes, as text and bytea are.
class rows {
 public:
  explicit rows(PGresult* r) : result_{r, PQclear} {}

  /// Throws `failure` if the answer is an error.
  void check() const;
  int count() const { return PQntuples(result_.get()); }
  std::string at(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
  }

 private:
  std::unique_ptr<PGresult, void (*)(PGresult*)> result_;
};

/// Connects when it is first used, and anew after whatever went wrong. One operation at a time;
/// each heeds Asio's terminal cancellation.
class connection {
 public:
  /// `at_first` is a statement that each new connection begins with; empty: none. libpq looks up
  /// names in a way that blocks, so the hosts of `conninfo` have to be addresses.
  connection(asio::any_io_executor, std::string conninfo, std::string at_first = {});

  /// The parameters $1, $2, ... are given as bytes, which stay where they are until it is done:
  /// write $1::text or $1::bytea.
  template <class... Bytes>
  asio::awaitable<rows> ask(const char* sql, const Bytes&... parameters) {
    return ask_with(sql, {parameters...});
  }
  /// The payload of the next notification, of one that has come already first.
  asio::awaitable<std::string> notification();

 private:
  using handle = std::unique_ptr<PGconn, void (*)(PGconn*)>;

  using words = std::vector<std::string_view>;

  asio::awaitable<rows> ask_with(const char* sql, words parameters);
  asio::awaitable<void> connect();
  asio::awaitable<rows> exchange(const char* sql, words parameters);
  asio::awaitable<void> send_all();
  asio::awaitable<void> until_ready(asio::posix::descriptor_base::wait_type);
  void receive();
  [[noreturn]] void fail() const { throw failure{PQerrorMessage(pg_.get())}; }

  asio::any_io_executor executor_;
  std::string conninfo_;
  std::string at_first_;
  handle pg_{nullptr, PQfinish};
  /// It has been asked something, and has not been heard out.
  bool is_amid_ = false;
};

}  // namespace postgresql
