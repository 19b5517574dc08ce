// SPDX-License-Identifier: BSL-1.0
#include "guard/channel.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
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
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::system_error{errno, std::system_category(), "socketpair"};
  return {descriptor{ends[0]}, descriptor{ends[1]}};
}

namespace {

::sockaddr_un address_of(const std::string& path) {
  ::sockaddr_un a{};
  a.sun_family = AF_UNIX;
  if (path.size() >= sizeof a.sun_path)
    throw std::system_error{ENAMETOOLONG, std::system_category(), path};
  std::memcpy(a.sun_path, path.data(), path.size());
  return a;
}

descriptor make_socket() {
  descriptor made{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!made) throw std::system_error{errno, std::system_category(), "socket"};
  return made;
}

bool is_own(int socket) {
  ::ucred peer{};
  ::socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         peer.uid == ::geteuid();
}

}  // namespace

descriptor connect_to(const std::string& path) {
  const auto a = address_of(path);
  auto made = make_socket();
  if (::connect(made.get(), reinterpret_cast<const ::sockaddr*>(&a), sizeof a) != 0)
    throw std::system_error{errno, std::system_category(), path};
  // Whoever made the socket is told of terms, and of passwords.
  if (!is_own(made.get())) throw std::system_error{EPERM, std::system_category(), path};
  return made;
}

/// A socket that is left of a guard that is gone is replaced. It gets its name when it listens, so
/// that nobody takes one that does not listen yet for left over.
descriptor listen_at(const std::string& path) {
  const auto fail = [&] { throw std::system_error{errno, std::system_category(), path}; };
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "~%x", static_cast<unsigned>(::getpid()));
  const auto unnamed = path + number.data();
  const auto a = address_of(unnamed);
  const auto named = address_of(path);
  auto made = make_socket();
  ::unlink(unnamed.c_str());
  if (::bind(made.get(), reinterpret_cast<const ::sockaddr*>(&a), sizeof a) != 0) fail();
  ::chmod(unnamed.c_str(), S_IRUSR | S_IWUSR);
  if (::listen(made.get(), SOMAXCONN) != 0) fail();
  const auto probe = make_socket();
  const auto* other = reinterpret_cast<const ::sockaddr*>(&named);
  if (::connect(probe.get(), other, sizeof named) == 0)
    errno = EADDRINUSE;
  else if (::rename(unnamed.c_str(), path.c_str()) == 0)
    return made;
  const int why = errno;
  ::unlink(unnamed.c_str());
  errno = why;
  fail();
  return made;
}

std::optional<descriptor> accept_own(int socket) {
  while (true) {
    descriptor one{::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (!one && errno == EINTR) continue;
    if (!one) return std::nullopt;
    if (is_own(one.get())) return one;
  }
}

boost::system::error_code send(int socket, const messages& what,
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
  // Not filled with zeros first, which would take longer than all that follows.
  const auto bytes = std::make_unique_for_overwrite<char[]>(largest);
  ::iovec part{bytes.get(), largest};
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
    p.messages = decode({bytes.get(), static_cast<std::size_t>(n)});
  return p;
}

}  // namespace neli::guards
