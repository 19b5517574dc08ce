// SPDX-License-Identifier: BSL-1.0
#include "sim/aim.hpp"

#include <algorithm>
#include <chrono>

namespace neli::sim {

using namespace std::chrono_literals;

namespace {

constexpr double weight_in_a_burst = 20;

}  // namespace

void aim::at(const std::string& who) {
  if (!dice_.chance(how_often_)) return;
  const auto lasts = dice_.chance(0.5) ? 10ms : 100ms;
  burst_until_ = std::max(burst_until_, agenda_.now() + lasts);
  for (auto n = 1 + dice_.below(3); n > 0; --n)
    agenda_.after(dice_.between(0ms, lasts), [this, who] { strike(who); });
}

double aim::weight() const { return agenda_.now() < burst_until_ ? weight_in_a_burst : 1; }

}  // namespace neli::sim
