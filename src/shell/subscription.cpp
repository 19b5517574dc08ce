// SPDX-License-Identifier: BSL-1.0
#include "shell/subscription.hpp"

#include <utility>

namespace neli::shell {

namespace {

constexpr std::size_t most_unread = 64;

}  // namespace

void subscription::next(std::shared_ptr<pending<error_code, event>> reader) {
  reader_ = std::move(reader);
  serve();
}

bool subscription::push(const event& e) {
  if (end_) return true;
  if (unread_.size() == most_unread) return false;
  unread_.push_back(e);
  serve();
  return true;
}

void subscription::restate(std::vector<event> state) {
  unread_.assign(state.begin(), state.end());
  serve();
}

void subscription::end(error_code e) {
  if (!end_) end_ = e;
  serve();
}

void subscription::serve() {
  if (!reader_ || reader_->done()) return;
  if (!unread_.empty()) {
    auto e = std::move(unread_.front());
    unread_.pop_front();
    std::exchange(reader_, nullptr)->complete({}, std::move(e));
  } else if (end_) {
    std::exchange(reader_, nullptr)->complete(end_, event{});
  }
}

}  // namespace neli::shell
