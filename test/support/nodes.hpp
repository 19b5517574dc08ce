// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <fleet.hpp>

namespace neli::test {

/// Candidates or followers in processes of their own. At its end, whatever the test looked at: no
/// two led at once, and terms grew.
class nodes : public tools::fleet {
 public:
  nodes(std::string command, std::vector<std::string> options);
  ~nodes();
};

}  // namespace neli::test
