// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/pending.hpp"
#include "shell/strand.hpp"
#include <neli/event.hpp>

#include <deque>
#include <memory>
#include <vector>

namespace neli::shell {

using boost::system::error_code;

/// What one event stream has yet to read. All on the strand.
class subscription {
 public:
  explicit subscription(strand s, asio::any_io_executor executor)
      : strand_{std::move(s)}, executor_{std::move(executor)} {}

  const strand& get_strand() const { return strand_; }
  const asio::any_io_executor& executor() const { return executor_; }

  void next(std::shared_ptr<pending<error_code, event>>);

  /// False when the reader is too far behind: it is to be told the state anew.
  [[nodiscard]] bool push(const event&);
  /// Forgets what was not read yet in favour of the state.
  void restate(std::vector<event>);
  /// No event comes any more; once all are read, this does.
  void end(error_code);

 private:
  void serve();

  strand strand_;
  asio::any_io_executor executor_;
  std::deque<event> unread_;
  std::shared_ptr<pending<error_code, event>> reader_;
  error_code end_;
};

}  // namespace neli::shell
