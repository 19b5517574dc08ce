// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/stores/consul.hpp>

#include <boost/asio/io_context.hpp>

#include <string>

namespace neli::test {

/// Of three candidates the first leads and leaves, the second leads and ends as if it had crashed,
/// and the third leads. A follower that was there before all of them sees it. The context may run
/// the server, too.
void check_election(boost::asio::io_context&, const neli::consul&, const std::string& key);

}  // namespace neli::test
