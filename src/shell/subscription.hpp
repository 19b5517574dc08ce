// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/pending.hpp"
#include "strand.hpp"
#include <neli/event.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace neli::shell {

using boost::system::error_code;

/// The events that one reader has not read yet. They come, and the reader waits, on the strand; any
/// thread may take events that are there.
template <class Event>
class subscription {
 public:
  subscription(strand s, asio::any_io_executor executor)
      : strand_{std::move(s)}, executor_{std::move(executor)} {}

  const strand& get_strand() const { return strand_; }
  const asio::any_io_executor& executor() const noexcept { return executor_; }

  /// From any thread.
  bool take(Event& e) {
    const std::lock_guard lock{mutex_};
    if (unread_.empty()) return false;
    e = pop();
    return true;
  }

  void next(std::shared_ptr<pending<error_code, Event>> reader) {
    const std::lock_guard lock{mutex_};
    reader_ = std::move(reader);
    serve();
  }

  /// False: the reader is too far behind, and has to be told the state instead.
  [[nodiscard]] bool push(const Event& e) {
    const std::lock_guard lock{mutex_};
    if (end_) return true;
    if (unread_.size() == most_unread) return false;
    unread_.push_back(e);
    serve();
    return true;
  }

  /// Replaces the events that were not read yet by events that tell the state.
  void restate(const std::vector<Event>& state) {
    const std::lock_guard lock{mutex_};
    unread_.assign(state.begin(), state.end());
    serve();
  }

  /// No event comes any more. When all are read, this comes.
  void end(error_code e) {
    const std::lock_guard lock{mutex_};
    if (!end_) end_ = e;
    serve();
  }

 private:
  static constexpr std::size_t most_unread = 64;

  void serve() {
    if (!reader_ || reader_->done()) return;
    if (!unread_.empty()) {
      std::exchange(reader_, nullptr)->complete({}, pop());
    } else if (end_) {
      std::exchange(reader_, nullptr)->complete(end_, Event{});
    }
  }

  Event pop() {
    auto e = std::move(unread_.front());
    unread_.pop_front();
    return e;
  }

  const strand strand_;
  const asio::any_io_executor executor_;
  std::mutex mutex_;  ///< of what follows; held for moving an event only
  std::deque<Event> unread_;
  std::shared_ptr<pending<error_code, Event>> reader_;
  error_code end_;
};

}  // namespace neli::shell
