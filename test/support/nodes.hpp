// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <fleet.hpp>

namespace neli::test {

/// Candidates or followers in processes of their own. At its end, whatever the test looked at: no
/// two led a role at once, and terms grew.
class nodes : public tools::fleet {
 public:
  explicit nodes(std::vector<std::string> subcommand);
  ~nodes();
};

}  // namespace neli::test
