// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/candidate.hpp"
#include "shell/user_run.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace neli::shell {

/// Calls a task again and again while the role is led. Its own state is used on the user's strand.
class pulser : public std::enable_shared_from_this<pulser> {
 public:
  using task = std::function<asio::awaitable<void>()>;

  explicit pulser(std::shared_ptr<candidate> r) : candidate_{std::move(r)} {}

  void start(task);
  void close();
  void wait_closed(detail::done_handler);

 private:
  asio::awaitable<void> repeat(task);
  void ended(std::exception_ptr);

  const std::shared_ptr<candidate> candidate_;
  std::optional<user_run> run_;
  bool closing_ = false;
  bool working_ = false;
  bool ended_ = false;
  std::exception_ptr error_;
  std::vector<std::shared_ptr<pending<std::exception_ptr>>> waiting_;
};

}  // namespace neli::shell
