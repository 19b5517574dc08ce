// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/error.hpp>

#include <boost/asio/any_completion_handler.hpp>

namespace neli {

namespace asio = boost::asio;

namespace detail {

/// The handler of an operation that has no result but an error, type-erased.
using closed_handler = asio::any_completion_handler<void(error_code)>;

}  // namespace detail

}  // namespace neli
