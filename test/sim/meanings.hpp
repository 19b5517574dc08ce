// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/record.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

namespace neli::sim {

/// What the texts in the ledger say. Each is decoded once, however many read it, and its
/// fingerprint is made once for each time at which the ledger took it.
class meanings {
 public:
  using meaning = std::variant<core::record, core::unreadable>;

  struct taken_text {
    const meaning& says;
    core::fingerprint print;
  };

  const meaning& of(std::string_view text) { return find(text).says; }
  taken_text of(std::string_view text, core::stamp taken) {
    auto& known = find(text);
    auto& print = known.prints[taken];
    if (print == 0) print = core::fingerprint_of(text, taken);
    return {known.says, print};
  }

 private:
  struct known_text {
    meaning says;
    std::map<core::stamp, core::fingerprint> prints;
  };
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };

  known_text& find(std::string_view text) {
    const auto known = known_.find(text);
    if (known != known_.end()) return known->second;
    return known_.emplace(text, known_text{core::decode(text), {}}).first->second;
  }

  std::unordered_map<std::string, known_text, hash, std::equal_to<>> known_;
};

}  // namespace neli::sim
