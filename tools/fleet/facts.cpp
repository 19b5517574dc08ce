// SPDX-License-Identifier: BSL-1.0
#include "facts.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>

namespace neli::tools {

std::int64_t now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

void facts::print(std::string_view what, std::string_view detail) const {
  auto line = std::to_string(now_ns());
  line.append(" ").append(name_).append(" ").append(what);
  if (!detail.empty()) line.append(" ").append(detail);
  // Another candidate's name may contain line ends, and this has to stay one line.
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return std::iscntrl(c); }, ' ');
  line.append("\n");
  // One write for a whole line, unbuffered, so that no line is lost when the process is killed
  // next.
  [[maybe_unused]] const auto n = ::write(STDOUT_FILENO, line.data(), line.size());
}

}  // namespace neli::tools
