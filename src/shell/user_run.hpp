// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "strand.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <exception>
#include <functional>
#include <memory>

namespace neli::shell {

/// One run of a user's coroutine. All of it is on the strand for user code, also what the function
/// does and throws before it returns the coroutine.
class user_run {
 public:
  using coroutine = std::function<asio::awaitable<void>()>;
  using over = std::function<void(std::exception_ptr)>;

  /// Starts it. `over` is called on the session's strand, never inline.
  user_run(strand user, const strand& own, coroutine, over);

  /// Asks it to end, by terminal cancellation. It is over when it has ended.
  void cancel() const;

 private:
  strand user_;
  std::shared_ptr<asio::cancellation_signal> signal_;
};

}  // namespace neli::shell
