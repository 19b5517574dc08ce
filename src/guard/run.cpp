// SPDX-License-Identifier: BSL-1.0
#include "guard/run.hpp"

#include "guard/process.hpp"
#include "guard/watch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

#include <cstdlib>
#include <memory>
#include <utility>

namespace neli {

int run_guard(make_guarded_store make) {
  return guards::run(std::move(make), guards::sufficient::both);
}

}  // namespace neli

namespace neli::guards {

namespace {

bool is_our_socket(int fd) {
  int type = 0;
  ::socklen_t size = sizeof type;
  return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

/// It ends with the process that it guards. What ends that process may be meant for its whole
/// group of processes, and comes before there is anything to release.
void outlive_signals() {
  for (const int s : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(s, SIG_IGN);
}

}  // namespace

int run(make_guarded_store make, sufficient what) {
  if (!is_our_socket(socket_of_guard)) return EXIT_FAILURE;
  outlive_signals();
  ::fcntl(socket_of_guard, F_SETFD, FD_CLOEXEC);
  asio::io_context context{1};
  const auto one = std::make_shared<watch>(asio::make_strand(context.get_executor()),
                                           descriptor{socket_of_guard}, std::move(make), what,
                                           [&] { context.stop(); });
  asio::post(context, [&] { one->start(); });
  context.run();
  return EXIT_SUCCESS;
}

}  // namespace neli::guards
