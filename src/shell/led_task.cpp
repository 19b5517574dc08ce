// SPDX-License-Identifier: BSL-1.0
#include "shell/led_task.hpp"

#include "shell/candidate.hpp"
#include "shell/exceptions.hpp"
#include "shell/session.hpp"

#include <algorithm>
#include <utility>

namespace neli::shell {

led_task::led_task(candidate& r, leader_task t, lead_options o,
                   std::shared_ptr<pending<error_code>> done)
    : candidate_{r.weak_from_this()},
      task_{std::move(t)},
      options_{o},
      done_{std::move(done)},
      back_off_{o.back_off} {}

/// Null once the candidate is destroyed.
std::shared_ptr<candidate> led_task::the_candidate() const {
  return std::static_pointer_cast<candidate>(candidate_.lock());
}

void led_task::leads(const term& t) {
  lease_end_ = t.deadline();
  const auto r = the_candidate();
  if (!running_ && !end_ && r && r->now() < lease_end_ - options_.margin) start(*r, t);
}

void led_task::start(const candidate& r, const term& t) {
  running_.emplace(
      r.user_strand(), r.get_session().get_strand(), [task = task_, t] { return task(t); },
      [self = shared_from_this()](std::exception_ptr e) { self->returned(e); });
}

void led_task::stop() {
  if (running_ && !std::exchange(stopping_, true)) running_->cancel();
}

void led_task::end(error_code e) {
  if (!end_) end_ = e;
  stop();
  if (!running_) done_->complete(*end_);
}

clock::time_point led_task::stop_at() const {
  return running_ && !stopping_ ? lease_end_ - options_.margin : clock::time_point::max();
}

void led_task::returned(std::exception_ptr error) {
  running_.reset();
  const bool stopped = std::exchange(stopping_, false);
  abandoned_ = false;
  if (stopped && code_of(error) == asio::error::operation_aborted) error = nullptr;
  const auto stand_back = error ? back_off_ : std::chrono::milliseconds{0};
  back_off_ = error ? std::min(2 * back_off_, options_.longest_back_off) : options_.back_off;
  if (end_) done_->complete(*end_);
  const auto r = the_candidate();
  if (!r) return;
  if (error) r->tell(task_failed{error, what_of(error)});
  if (!stopped) r->get_session().feed(core::input::resign{r->name(), stand_back});
  r->task_ended();
}

}  // namespace neli::shell
