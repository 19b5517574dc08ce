// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

namespace neli::tools {

/// As `exec` takes them: for as long as the words are not changed.
inline std::vector<char*> argv_of(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (auto& w : words) pointers.push_back(w.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace neli::tools
