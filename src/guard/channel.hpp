// SPDX-License-Identifier: BSL-1.0
// Packets between a session and its guard, over a Unix socket. No call blocks.
#pragma once

#include "guard/descriptor.hpp"
#include "guard/message.hpp"

#include <boost/system/error_code.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace neli::guards {

/// Two ends. Whatever is in the socket stays there when the process that sent it dies. Throws
/// `std::system_error`.
std::pair<descriptor, descriptor> make_channel();

/// The end of a guard that listens there, or its socket for others to connect to. Both throw
/// `std::system_error`.
descriptor connect_to(const std::string& path);
descriptor listen_at(const std::string& path);
/// The next who has connected, if he is of this process's user. None: nobody has.
std::optional<descriptor> accept_own(int socket);

/// All of it or, with an error, nothing.
boost::system::error_code send(int socket, const messages&,
                               const std::vector<int>& descriptors = {});

struct packet {
  guards::messages messages;
  std::vector<descriptor> descriptors;
  bool closed = false;  ///< there will be no more
};

/// None: nothing is there at present.
std::optional<packet> receive(int socket);

}  // namespace neli::guards
