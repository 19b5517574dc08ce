// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "enclosure.hpp"
#include "orders.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli::tools {

/// What became of a command. When it is known, no process of the command's is left.
struct outcome {
  enum class kind {
    ended,        ///< `value` is as of `waitpid`
    overdue,      ///< the same: it was ended as the limits were not renewed
    not_started,  ///< `value` is an errno
    lost,         ///< its keeper was killed within the limits, and then all was
  };
  kind what;
  int value = 0;
};

/// The command of one term, by way of its keeper, see keeper.hpp. The keeper ends the command when
/// this process is killed or stands still, and this process does when the keeper is or does.
class kept_command {
 public:
  struct settings {
    std::vector<std::string> words;
    std::chrono::milliseconds grace{};
    std::optional<enclosure> group;
    /// A descriptor that the command and all that comes of it are to hold; -1: none.
    int lifeline = -1;
    /// Children of this process that are not the command's.
    std::function<std::vector<pid_t>()> spared;
  };

  /// Starts a keeper, which waits. Throws `std::system_error`.
  kept_command(const boost::asio::any_io_executor&, const settings&);
  kept_command(const kept_command&) = delete;
  kept_command& operator=(const kept_command&) = delete;

  void start(std::uint64_t token, limits);
  void renew(limits);
  void stop(limits);
  void signal(int);

  bool runs() const { return started_ && !outcome_; }
  const std::optional<outcome>& over() const { return outcome_; }
  /// Completes when the outcome is known, or after that time, or when it is cancelled.
  boost::asio::awaitable<void> wait(std::chrono::milliseconds at_most);

  /// The program collects its children and tells their ends.
  void child_ended(pid_t);

 private:
  void send(const order&);
  void set(limits);
  void read_reports();
  void obey_the_limits();
  void kill_what_is_left(outcome);
  void finish(outcome);
  template <class F>
  auto if_alive(F);

  const settings& settings_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer changed_;
  boost::asio::steady_timer due_;
  pid_t keeper_ = -1;
  bool started_ = false;
  int empty_ = 0;  ///< how often in a row nothing was left
  limits until_{};
  std::optional<outcome> outcome_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace neli::tools
