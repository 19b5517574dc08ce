// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/require.hpp>

#include <type_traits>
#include <utility>

namespace neli::detail {

namespace asio = boost::asio;

template <class Executor, class Handler, class... Results>
void post_on(const Executor& executor, Handler&& handler, Results... results) {
  auto allocator = asio::get_associated_allocator(handler);
  asio::prefer(asio::require(executor, asio::execution::blocking.never),
               asio::execution::allocator(allocator))
      .execute([h = std::forward<Handler>(handler), ... r = std::move(results)]() mutable {
        std::move(h)(std::move(r)...);
      });
}

/// Completes an operation that need not wait, as `asio::post` does, but without the second hop of a
/// post with an executor of its own. `fallback` runs a handler that has none.
template <class Handler, class... Results>
void post_results(Handler&& handler, const asio::any_io_executor& fallback, Results... results) {
  const auto executor = asio::get_associated_executor(handler, fallback);
  // Most often it is an io_context's behind a type-erased one, and cheaper without the erasure.
  if constexpr (std::is_same_v<decltype(executor), const asio::any_io_executor>)
    if (const auto* plain = executor.template target<asio::io_context::executor_type>())
      return post_on(*plain, std::forward<Handler>(handler), std::move(results)...);
  post_on(executor, std::forward<Handler>(handler), std::move(results)...);
}

}  // namespace neli::detail
