// SPDX-License-Identifier: BSL-1.0
#include "guard/channel.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <system_error>

namespace neli::guards {

namespace {

constexpr std::size_t most_descriptors = 2;
constexpr std::size_t largest = std::size_t{192} * 1024;  ///< what fits a socket's buffer

union control {
  ::cmsghdr aligned;
  std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> bytes;
};

std::vector<descriptor> descriptors_of(::msghdr& m) {
  std::vector<descriptor> all;
  for (auto* c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    const auto count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
      all.emplace_back(fd);
    }
  }
  return all;
}

}  // namespace

std::pair<descriptor, descriptor> make_channel() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
    throw std::system_error{errno, std::system_category(), "socketpair"};
  return {descriptor{ends[0]}, descriptor{ends[1]}};
}

boost::system::error_code send(int socket, const message& what,
                               const std::vector<int>& descriptors) {
  auto bytes = encode(what);
  ::iovec part{bytes.data(), bytes.size()};
  ::msghdr m{};
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  control rights{};
  if (!descriptors.empty()) {
    const auto size = descriptors.size() * sizeof(int);
    m.msg_control = rights.bytes.data();
    m.msg_controllen = CMSG_SPACE(size);
    auto* c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(c), descriptors.data(), size);
  }
  while (::sendmsg(socket, &m, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
    if (errno != EINTR) return {errno, boost::system::system_category()};
  return {};
}

std::optional<packet> receive(int socket) {
  std::string bytes(largest, '\0');
  ::iovec part{bytes.data(), bytes.size()};
  control rights{};
  ::msghdr m{};
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  m.msg_control = rights.bytes.data();
  m.msg_controllen = rights.bytes.size();
  ::ssize_t n = -1;
  do n = ::recvmsg(socket, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::nullopt;
  packet p;
  p.closed = n <= 0;
  if (p.closed) return p;
  p.descriptors = descriptors_of(m);
  if ((m.msg_flags & MSG_TRUNC) == 0)
    p.message = decode({bytes.data(), static_cast<std::size_t>(n)});
  return p;
}

}  // namespace neli::guards
