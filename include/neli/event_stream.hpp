// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/detail/api.hpp>
#include <neli/detail/post.hpp>
#include <neli/error.hpp>
#include <neli/event.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <memory>
#include <utility>

namespace neli {

namespace asio = boost::asio;

namespace shell {
template <class Event>
class subscription;
}

namespace detail {

using next_handler = asio::any_completion_handler<void(error_code, event)>;
using event_subscription = std::shared_ptr<shell::subscription<event>>;

NELI_API const asio::any_io_executor& executor_of(const shell::subscription<event>&) noexcept;
/// Gives the next event, if it is there already. Not an optional one: that costs each source that
/// includes this a megabyte.
NELI_API bool take(shell::subscription<event>&, event&);
NELI_API void async_next(const event_subscription&, next_handler);

/// An event that is there already costs one post.
struct initiate_next {
  template <class Handler>
  void operator()(Handler&& handler, const event_subscription& s) const {
    if (event e; take(*s, e))
      return post_results(std::forward<Handler>(handler), executor_of(*s), error_code{},
                          std::move(e));
    async_next(s, std::forward<Handler>(handler));
  }
};

}  // namespace detail

/// What happens to a candidate, from `candidate::events()` on.
///
/// A stream starts with the current state, as far as there is one: who leads, and the last turn of
/// this candidate's own leadership (acquired, revoked or fenced). It is bounded: a reader that
/// falls too far behind misses events and is told the state as it is then, so the last state is
/// never hidden and a slow reader blocks nothing. Several streams of one candidate are independent.
/// Destroying a stream ends it.
///
/// Thread safety: distinct streams may be used from distinct threads; one stream by one at a time.
class NELI_API event_stream {
 public:
  explicit event_stream(std::shared_ptr<shell::subscription<event>> s)
      : subscription_{std::move(s)} {}
  event_stream(event_stream&&) noexcept = default;
  event_stream& operator=(event_stream&&) noexcept;
  ~event_stream();

  /// Waits for the next event.
  ///
  /// Preconditions: no other `next` of this stream is outstanding.
  /// Lifetimes: the stream may be destroyed while the operation is outstanding; it then ends with
  ///   `errc::closed`.
  /// Completion signature: `void(neli::error_code, neli::event)`.
  /// Executor: the handler's associated executor, else the candidate's; never inline.
  /// Cancellation: all types; no event is lost, the next call gets it. Completes with
  ///   `asio::error::operation_aborted`.
  /// Errors: `errc::closed` after the candidate's last event; the error that ended the candidate.
  template <asio::completion_token_for<void(error_code, event)> Token = asio::deferred_t>
  [[nodiscard]] auto next(Token&& token = {}) {
    return asio::async_initiate<Token, void(error_code, event)>(detail::initiate_next{}, token,
                                                                subscription_);
  }

 private:
  std::shared_ptr<shell::subscription<event>> subscription_;
};

}  // namespace neli
