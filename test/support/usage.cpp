// SPDX-License-Identifier: BSL-1.0
#include "support/usage.hpp"

#include "support/comes_about.hpp"

#include <malloc.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

namespace neli::test {

using namespace std::chrono_literals;

namespace {

std::ptrdiff_t entries(const char* folder) {
  return std::distance(std::filesystem::directory_iterator{folder}, {});
}
std::ptrdiff_t threads() { return entries("/proc/self/task"); }

}  // namespace

std::ptrdiff_t descriptors() { return entries("/proc/self/fd"); }

std::ptrdiff_t heap() { return static_cast<std::ptrdiff_t>(mallinfo2().uordblks); }

long resident_kb() {
  std::ifstream statm{"/proc/self/statm"};
  long total = 0, resident = 0;
  statm >> total >> resident;
  return resident * 4;
}

std::ptrdiff_t settled_threads() {
  using clock = std::chrono::steady_clock;
  const auto give_up = clock::now() + 1min;
  auto count = threads();
  for (auto since = clock::now(); clock::now() - since < 1s && clock::now() < give_up;) {
    std::this_thread::sleep_for(10ms);
    if (const auto now = threads(); std::exchange(count, now) != now) since = clock::now();
  }
  return count;
}

bool no_more_threads_than(std::ptrdiff_t before) {
  const auto pass = [] { std::this_thread::sleep_for(10ms); };
  return comes_about([&] { return threads() <= before; }, pass, 1min);
}

}  // namespace neli::test
