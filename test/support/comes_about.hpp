// SPDX-License-Identifier: BSL-1.0
// Waiting for what takes real time.
#pragma once

#include <boost/asio/io_context.hpp>

#include <chrono>

namespace neli::test {

/// Lets a moment pass, again and again, until it is so; whether it came about within that time.
template <class Condition, class Moment>
bool comes_about(Condition so, Moment pass, std::chrono::milliseconds within) {
  const auto give_up = std::chrono::steady_clock::now() + within;
  while (!so()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    pass();
  }
  return true;
}

/// The same while the context runs.
template <class Condition>
bool run_until(boost::asio::io_context& context, Condition so,
               std::chrono::milliseconds within = std::chrono::minutes{2}) {
  const auto run = [&] {
    context.restart();
    context.run_for(std::chrono::milliseconds{10});
  };
  return comes_about(so, run, within);
}

}  // namespace neli::test
