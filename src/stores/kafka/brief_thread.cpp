// SPDX-License-Identifier: BSL-1.0
#include "stores/kafka/brief_thread.hpp"

#include <signal.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace neli::stores::kafka {

namespace {

/// While it exists, the threads that this thread makes block all signals: the program's own threads
/// handle those.
class signals_blocked {
 public:
  signals_blocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

struct brief_thread::state {
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
};

brief_thread::brief_thread(std::function<void()> work) : state_{std::make_shared<state>()} {
  const signals_blocked inherited;
  std::thread{[s = state_, work = std::move(work)]() mutable {
    work();
    work = nullptr;
    const std::lock_guard lock{s->mutex};
    s->over = true;
    s->changed.notify_all();
  }}.detach();
}

bool brief_thread::over() const {
  const std::lock_guard lock{state_->mutex};
  return state_->over;
}

void brief_thread::wait(std::chrono::milliseconds at_most) const {
  std::unique_lock lock{state_->mutex};
  state_->changed.wait_for(lock, at_most, [this] { return state_->over; });
}

}  // namespace neli::stores::kafka
