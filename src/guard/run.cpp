// SPDX-License-Identifier: BSL-1.0
#include "guard/run.hpp"

#include "guard/channel.hpp"
#include "guard/process.hpp"
#include "guard/watch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace neli {

int run_guard(make_guarded_store make) {
  return guards::run(std::move(make), guards::sufficient::both);
}

void run_guard_at(const std::string& socket, make_guarded_store make) {
  guards::listen(socket, std::move(make));
}

}  // namespace neli

namespace neli::guards {

namespace {

bool is_our_socket(int fd) {
  int type = 0;
  ::socklen_t size = sizeof type;
  return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

}  // namespace

int run(make_guarded_store make, sufficient what) {
  if (!is_our_socket(socket_of_guard)) return EXIT_FAILURE;
  ::fcntl(socket_of_guard, F_SETFD, FD_CLOEXEC);
  asio::io_context context{1};
  const auto one = std::make_shared<watch>(asio::make_strand(context.get_executor()),
                                           descriptor{socket_of_guard}, std::move(make), what,
                                           [&] { context.stop(); });
  asio::post(context, [&] { one->start(); });
  context.run();
  return EXIT_SUCCESS;
}

namespace {

/// Accepts sessions, and ends when it is told to and none is left.
class host {
 public:
  host(const std::string& path, make_guarded_store make)
      : path_{path},
        make_{std::move(make)},
        socket_{context_, listen_at(path).release()},
        signals_{context_, SIGTERM, SIGINT} {
    ::signal(SIGPIPE, SIG_IGN);
    wait_for_sessions();
    wait_for_signal();
  }
  ~host() { ::unlink(path_.c_str()); }

  void run() { context_.run(); }

 private:
  void wait_for_sessions() {
    socket_.async_wait(asio::posix::descriptor_base::wait_read, [this](error_code ec) {
      if (ec) return;
      while (auto one = accept_own(socket_.native_handle())) watch_over(std::move(*one));
      // If there is no descriptor for the next one, there may be one later.
      wait_a_moment();
    });
  }

  void wait_a_moment() {
    moment_.expires_after(std::chrono::milliseconds{10});
    moment_.async_wait([this](error_code ec) {
      if (!ec) wait_for_sessions();
    });
  }

  void watch_over(descriptor session) {
    const auto one =
        std::make_shared<watch>(asio::make_strand(context_.get_executor()), std::move(session),
                                make_, sufficient::both, [this, n = ++last_] {
                                  watched_.erase(n);
                                  if (ending_ && watched_.empty()) context_.stop();
                                });
    watched_[last_] = one;
    one->start();
  }

  void wait_for_signal() {
    signals_.async_wait([this](error_code ec, int) {
      if (ec) return;
      if (std::exchange(ending_, true) || watched_.empty()) return context_.stop();
      socket_.close();
      wait_for_signal();
    });
  }

  const std::string path_;
  const make_guarded_store make_;
  asio::io_context context_{1};
  asio::posix::stream_descriptor socket_;
  asio::steady_timer moment_{context_};
  asio::signal_set signals_;
  std::map<std::uint64_t, std::shared_ptr<watch>> watched_;
  std::uint64_t last_ = 0;
  bool ending_ = false;
};

}  // namespace

void listen(const std::string& path, make_guarded_store make) { host{path, std::move(make)}.run(); }

}  // namespace neli::guards
