// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/wakeup.hpp"

#include <boost/asio/buffer.hpp>

#include <fcntl.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/eventfd.h>
#endif

#include <cerrno>
#include <system_error>
#include <utility>

namespace neli::stores::kafka {

namespace {

struct ends {
  int reader;
  int writer;
};

ends open_ends() {
#ifdef __linux__
  const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (fd < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
  return {fd, fd};
#else
  int fds[2];
  if (::pipe(fds) != 0) throw std::system_error{errno, std::generic_category(), "pipe"};
  for (const int fd : fds) {
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  return {fds[0], fds[1]};
#endif
}

}  // namespace

wakeup::wakeup(const strand& s) : reader_{s} {
  const auto [reader, writer] = open_ends();
  reader_.assign(reader);
  writer_ = writer;
}

wakeup::~wakeup() {
  if (writer_ != reader_.native_handle()) ::close(writer_);
}

void wakeup::start(std::function<void()> on_wake) {
  on_wake_ = std::move(on_wake);
  wait();
}

void wakeup::stop() {
  stopped_ = true;
  reader_.cancel();
}

void wakeup::wake() const {
  // If the descriptor is full, a wake-up is under way already.
  [[maybe_unused]] const auto n = ::write(writer_, &token, sizeof token);
}

void wakeup::wait() {
  reader_.async_read_some(asio::buffer(scratch_),
                          [weak = weak_from_this()](boost::system::error_code ec, std::size_t) {
                            const auto self = weak.lock();
                            if (ec || !self || self->stopped_) return;
                            self->on_wake_();
                            if (!self->stopped_) self->wait();
                          });
}

}  // namespace neli::stores::kafka
