// SPDX-License-Identifier: BSL-1.0
#include "prober.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace neli::tools {

using namespace std::chrono_literals;

namespace {

/// When one was seen to lead.
struct sighting {
  std::optional<std::int64_t> first;
  std::int64_t last = 0;
};

bool ask(const prober::subject& s, sighting& seen) {
  const auto before = now_ns();
  const bool leads = s.leads();
  if (leads && !seen.first) seen.first = now_ns();
  if (leads) seen.last = before;
  return leads;
}

void tell(const prober::subject& s, sighting& seen) {
  if (const auto first = std::exchange(seen.first, std::nullopt))
    s.says.print("NOLEAD", std::to_string(*first) + " " + std::to_string(seen.last));
}

}  // namespace

prober::prober(std::vector<subject> all, const facts& process)
    : thread_{[this, all = std::move(all), &process] { run(all, process); }} {}

prober::~prober() {
  stop_ = true;
  thread_.join();
}

void prober::run(const std::vector<subject>& all, const facts& process) const {
  constexpr auto pause = 300ms;
  std::vector<sighting> seen(all.size());
  auto last = now_ns();
  while (!stop_) {
    const auto now = now_ns();
    if (std::chrono::nanoseconds{now - last} > pause) {
      int yes = 0;
      for (std::size_t i = 0; i < 1000; ++i) yes += all[i % all.size()].leads();
      process.print("RESUMED",
                    std::to_string((now - last) / 1'000'000) + " " + std::to_string(yes));
    }
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!ask(all[i], seen[i])) tell(all[i], seen[i]);
    last = now;
    std::this_thread::sleep_for(1ms);
  }
  for (std::size_t i = 0; i < all.size(); ++i) tell(all[i], seen[i]);
}

}  // namespace neli::tools
