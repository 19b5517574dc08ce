// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/zookeeper/messages.hpp"
#include "stores/zookeeper/settings.hpp"
#include "stores/zookeeper/stream.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace neli::stores::zookeeper {

/// One connection with one session, which is used until it ends. Coroutines of its own read, write
/// and ask for signs of life while it is open; they hold it. All of it is on the executor.
class connection final : public std::enable_shared_from_this<connection> {
 public:
  connection(const asio::any_io_executor&, const settings&, const server&);

  /// Opens a session, if the server has seen all transactions up to the last. Once. Takes no longer
  /// than the settings have it, which outlive this operation.
  asio::awaitable<boost::system::error_code> open(const settings&, asio::ip::tcp::endpoint,
                                                  std::int64_t last_zxid);
  bool is_open() const { return state_ == state::open; }

  struct answer {
    std::int32_t error;
    std::string frame;
  };
  /// Throws if no answer came, and if it ends the session. If it is cancelled, and nothing has come
  /// from the server meanwhile, the connection ends.
  asio::awaitable<answer> ask(request);

  /// Returns when something has changed that was watched, or when the connection has ended, since
  /// the last call of `expect_news`.
  asio::awaitable<void> news();
  void expect_news() { has_news_ = false; }

  /// The server's last transaction.
  std::int64_t zxid() const { return zxid_; }

  /// Closes the session in order, or else the connection, in the background.
  void leave();

 private:
  enum class state { opening, open, leaving, ended };
  struct waiting;

  asio::awaitable<void> open_session(const settings&, asio::ip::tcp::endpoint,
                                     std::int64_t last_zxid);
  asio::awaitable<std::string> frame();
  void take(std::string frame);
  void send(std::string frame);
  void end(boost::system::error_code);
  [[noreturn]] void tell_why_ended() const;
  /// The coroutines of its own.
  asio::awaitable<void> write();
  asio::awaitable<void> read();
  asio::awaitable<void> stay_alive();

  const asio::any_io_executor on_;
  const server server_;
  stream stream_;
  asio::steady_timer pulse_;
  asio::steady_timer changed_;
  std::chrono::milliseconds beat_;

  state state_ = state::opening;
  boost::system::error_code why_ended_;
  bool has_news_ = false;
  std::int64_t zxid_ = 0;
  std::uint64_t heard_ = 0;  ///< frames
  std::int32_t last_xid_ = 0;
  std::map<std::int32_t, std::shared_ptr<waiting>> asked_;
  std::deque<std::string> unsent_;
};

}  // namespace neli::stores::zookeeper
