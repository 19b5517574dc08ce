// SPDX-License-Identifier: BSL-1.0
#include "witness.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace neli::chaos {

using namespace std::chrono_literals;
using tools::now_ns;

namespace {

constexpr std::int64_t held_up = 10'000'000;      // ns without a question
constexpr std::int64_t speak_after = 50'000'000;  // ns of a sighting

/// From the first answer to the last question. A single answer thus ends before it begins: it was
/// true at some instant between `to` and `from`, which is less than being true at all of them.
struct sighting {
  std::int64_t from, to;
  std::uint64_t token;
};

void tell(const std::optional<sighting>& seen, const tools::facts& says) {
  if (seen)
    says.print("SAW", std::to_string(seen->from) + " " + std::to_string(seen->to) + " " +
                          std::to_string(seen->token));
}

void watch(const elector& asked, const tools::facts& says, const std::stop_token& stop) {
  std::optional<sighting> seen;
  auto answered = now_ns();
  while (!stop.stop_requested()) {
    const auto question = now_ns();
    const auto token = asked.leads();
    const auto late = question - answered > held_up;
    answered = now_ns();
    if (seen && (!token || *token != seen->token || late)) {
      tell(seen, says);
      seen.reset();
    }
    if (token && !seen) seen = {answered, question, *token};
    if (token) seen->to = question;
    if (seen && seen->to - seen->from > speak_after) {
      tell(seen, says);
      seen->from = seen->to;
    }
    std::this_thread::sleep_for(1ms);
  }
  tell(seen, says);
}

}  // namespace

witness::witness(const elector& asked, const tools::facts& says)
    : thread_{[&asked, &says](const std::stop_token& stop) { watch(asked, says, stop); }} {}

}  // namespace neli::chaos
