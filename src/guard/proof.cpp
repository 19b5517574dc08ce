// SPDX-License-Identifier: BSL-1.0
#include "guard/proof.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace neli::guards {

namespace {

/// Any other file may be readable at any time.
void check_is_pidfd(int fd) {
  std::array<char, 64> target{};
  const auto link = "/proc/self/fd/" + std::to_string(fd);
  const auto length = ::readlink(link.c_str(), target.data(), target.size());
  const std::string_view text{target.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
  if (text.find("pidfd") == text.npos)
    throw std::system_error{EBADF, std::system_category(), "what was handed over is no pidfd"};
}

}  // namespace

proof_of_death::proof_of_death(const asio::any_io_executor& on, evidence e, sufficient what,
                               std::function<void()> dead)
    : what_{what}, pidfd_{on}, dead_{std::move(dead)} {
  check_is_pidfd(e.pidfd.get());
  pidfd_.assign(e.pidfd.release());
  if (e.pipe) pipe_.emplace(on, e.pipe.release());
  if (!pipe_ && what_ != sufficient::pidfd)
    throw std::system_error{EBADF, std::system_category(), "no pipe was handed over"};
  look();
}

/// Waits for one after the other, and asks again when it is told: to be woken is no proof.
void proof_of_death::look() {
  const bool ended = what_ == sufficient::end_of_file || has_ended();
  const bool alone = what_ == sufficient::pidfd || is_at_end();
  auto* awaited = !ended ? &pidfd_ : !alone ? &*pipe_ : nullptr;
  // Also now not within the constructor.
  if (!awaited) return asio::post(pidfd_.get_executor(), std::exchange(dead_, {}));
  awaited->async_wait(asio::posix::descriptor_base::wait_read,
                      [this](boost::system::error_code ec) {
                        if (ec != asio::error::operation_aborted) look();
                      });
}

bool proof_of_death::has_ended() {
  ::pollfd p{pidfd_.native_handle(), POLLIN, 0};
  return ::poll(&p, 1, 0) == 1 && (p.revents & POLLIN) != 0;
}

/// Nobody writes to it; what a stray write has left there is taken away.
bool proof_of_death::is_at_end() {
  std::array<char, 256> ignored{};
  const int fd = pipe_->native_handle();
  ::ssize_t n = 0;
  do n = ::read(fd, ignored.data(), ignored.size());
  while (n > 0 || (n < 0 && errno == EINTR));
  return n == 0;
}

}  // namespace neli::guards
