// SPDX-License-Identifier: BSL-1.0
#include "trace_to.hpp"

#include <fstream>
#include <memory>
#include <stdexcept>

namespace neli::tools {

std::function<void(std::string_view)> trace_to(const std::string& file) {
  const auto out = std::make_shared<std::ofstream>(file);
  if (!*out) throw std::runtime_error{"cannot write the trace '" + file + "'"};
  return [out](std::string_view line) { *out << line << std::endl; };
}

}  // namespace neli::tools
