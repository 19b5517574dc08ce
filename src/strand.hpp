// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/strand.hpp>

namespace neli {

namespace asio = boost::asio;

using strand = asio::strand<asio::any_io_executor>;

}  // namespace neli
