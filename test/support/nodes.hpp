// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <fleet.hpp>

namespace neli::test {

/// Candidates in processes of their own. At its end, whatever the test looked at: no two led at
/// once, and terms grew.
class nodes : public tools::fleet {
 public:
  explicit nodes(std::vector<std::string> options);
  ~nodes();
};

}  // namespace neli::test
