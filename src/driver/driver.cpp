// SPDX-License-Identifier: BSL-1.0
#include "driver/driver.hpp"

#include "core/trace.hpp"

#include <cstddef>
#include <utility>

namespace neli {

driver::driver(core::settings s, core::identity self, host& h, tracer t)
    : settings_{s}, core_{s, std::move(self)}, host_{h}, trace_{std::move(t)} {}

void driver::start() {
  const auto at = host_.now();
  const auto& out = core_.start(at);
  if (trace_) trace_(core::trace(at, core_.self(), settings_, out));
  host_.stepped(at, nullptr, out);
  perform(out);
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
  const auto& out = core_.step(at, in);
  if (trace_) trace_(core::trace(at, in, out));
  host_.stepped(at, &in, out);
  perform(out);
}

/// The actions stay valid: what is fed in meanwhile waits in the inbox.
void driver::perform(const core::actions& actions) {
  for (const auto& a : actions) host_.perform(a);
}

}  // namespace neli
