// SPDX-License-Identifier: BSL-1.0
#include "shell/barrier_runner.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace neli::shell {

void barrier_runner::run(std::uint64_t id, const event& e, done d) {
  if (!barrier_) {
    asio::post(own_, [id, d = std::move(d)] { d(id, nullptr); });
    return;
  }
  last_.emplace(
      user_, own_, [barrier = barrier_, e] { return barrier(e); },
      [id, d = std::move(d)](std::exception_ptr error) { d(id, error); });
}

void barrier_runner::cancel() const {
  if (last_) last_->cancel();
}

}  // namespace neli::shell
