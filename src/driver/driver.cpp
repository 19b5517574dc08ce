// SPDX-License-Identifier: BSL-1.0
#include "driver/driver.hpp"

#include "driver/raw_step.hpp"

#include <cstddef>
#include <utility>

namespace neli {

driver::driver(core::settings s, core::identity self, host& h, std::shared_ptr<observer> o)
    : settings_{s}, core_{s, std::move(self)}, host_{h}, observer_{std::move(o)} {}

void driver::start() {
  const auto at = host_.now();
  finish(at, nullptr, core_.start(at));
}

bool driver::feed(core::any_input in) {
  if (host_.stopped()) return false;
  inbox_.push_back(std::move(in));
  if (std::exchange(stepping_, true)) return false;
  for (std::size_t n = 0; n < inbox_.size() && !host_.stopped(); ++n) {
    const auto next = std::move(inbox_[n]);
    const auto at = host_.now();
    if (core_.deadline() <= at) step(at, core::input::tick{});
    if (!host_.stopped()) step(at, next);
  }
  inbox_.clear();
  stepping_ = false;
  return true;
}

void driver::step(core::instant at, const core::any_input& in) {
  finish(at, &in, core_.step(at, in));
}

/// The actions stay valid: what is fed in meanwhile waits in the inbox.
void driver::finish(core::instant at, const core::any_input* in, const core::actions& out) {
  if (observer_) {
    const detail::raw_step raw{at, in, out, core_.self(), settings_};
    observer_->stepped(election_step{raw});
  }
  host_.stepped(at, in, out);
  for (const auto& a : out) host_.perform(a);
}

}  // namespace neli
