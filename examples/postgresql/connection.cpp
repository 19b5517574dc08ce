// SPDX-License-Identifier: BSL-1.0
#include "connection.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/system/system_error.hpp>

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <new>
#include <optional>
#include <utility>

namespace postgresql {

namespace {

using asio::posix::descriptor_base;

constexpr int as_bytes = 1;

}  // namespace

void rows::check() const {
  const auto* const r = result_.get();
  const auto status = PQresultStatus(r);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return;
  const char* const code = PQresultErrorField(r, PG_DIAG_SQLSTATE);
  throw failure{PQresultErrorMessage(r), code ? code : ""};
}

connection::connection(asio::any_io_executor executor, std::string conninfo, std::string at_first)
    : executor_{std::move(executor)},
      conninfo_{std::move(conninfo)},
      at_first_{std::move(at_first)} {}

asio::awaitable<rows> connection::ask_with(const char* sql, words parameters) {
  // What came of an operation that was cancelled half-way is not known, nor what is on its way.
  if (is_amid_ || PQstatus(pg_.get()) != CONNECTION_OK) co_await connect();
  co_return co_await exchange(sql, std::move(parameters));
}

asio::awaitable<void> connection::connect() {
  // Of several servers the one that can be written to: a replica may tell an old value.
  const std::array<const char*, 3> keys{"dbname", "target_session_attrs", nullptr};
  const std::array<const char*, 3> values{conninfo_.c_str(), "read-write", nullptr};
  pg_.reset(PQconnectStartParams(keys.data(), values.data(), 1));
  is_amid_ = true;
  if (!pg_) throw std::bad_alloc{};
  if (PQstatus(pg_.get()) == CONNECTION_BAD) fail();
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;
       next = PQconnectPoll(pg_.get())) {
    if (next == PGRES_POLLING_FAILED) fail();
    co_await until_ready(next == PGRES_POLLING_READING ? descriptor_base::wait_read
                                                       : descriptor_base::wait_write);
  }
  if (PQsetnonblocking(pg_.get(), 1) != 0) fail();
  is_amid_ = false;
  if (!at_first_.empty()) co_await exchange(at_first_.c_str(), words{});
}

asio::awaitable<rows> connection::exchange(const char* sql, words parameters) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const auto p : parameters) {
    values.push_back(p.data());
    lengths.push_back(static_cast<int>(p.size()));
  }
  const std::vector<int> formats(parameters.size(), as_bytes);
  is_amid_ = true;
  if (!PQsendQueryParams(pg_.get(), sql, static_cast<int>(values.size()), nullptr, values.data(),
                         lengths.data(), formats.data(), as_bytes))
    fail();
  co_await send_all();
  std::optional<rows> answer;
  for (;;) {
    while (PQisBusy(pg_.get())) {
      co_await until_ready(descriptor_base::wait_read);
      receive();
    }
    auto* const next = PQgetResult(pg_.get());
    if (!next) break;
    answer.emplace(next);
  }
  if (!answer) fail();
  is_amid_ = false;
  answer->check();
  co_return std::move(*answer);
}

asio::awaitable<void> connection::send_all() {
  for (;;) {
    const int left = PQflush(pg_.get());
    if (left < 0) fail();
    if (left == 0) co_return;
    co_await until_ready(descriptor_base::wait_write);
    receive();  // a server that cannot get rid of what it says would not listen either
  }
}

asio::awaitable<std::string> connection::notification() {
  for (;;) {
    if (auto* const n = PQnotifies(pg_.get())) {
      const std::unique_ptr<PGnotify, void (*)(void*)> one{n, PQfreemem};
      co_return std::string{one->extra};
    }
    co_await until_ready(descriptor_base::wait_read);
    receive();
  }
}

void connection::receive() {
  if (!PQconsumeInput(pg_.get())) fail();
}

/// A descriptor of its own for each wait: the socket is libpq's, which may close it and take
/// another one while it connects.
asio::awaitable<void> connection::until_ready(descriptor_base::wait_type what) {
  const int socket = ::fcntl(PQsocket(pg_.get()), F_DUPFD_CLOEXEC, 0);
  if (socket < 0)
    throw boost::system::system_error{errno, boost::system::system_category(), "PostgreSQL"};
  asio::posix::stream_descriptor descriptor{executor_, socket};
  co_await descriptor.async_wait(what, asio::deferred);
}

}  // namespace postgresql
