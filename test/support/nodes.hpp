// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <filesystem>
#include <fleet.hpp>
#include <string>
#include <vector>

namespace neli::test {

/// Candidates or followers in processes of their own. At its end, whatever the test looked at: no
/// two led a role at once, terms grew, and every step of each was one that the protocol allows.
class nodes : public tools::fleet {
 public:
  explicit nodes(std::vector<std::string> subcommand);
  ~nodes();

  void start(const std::string& name, std::vector<std::string> options = {});

 private:
  std::filesystem::path folder_;  ///< of the traces
  std::vector<std::string> traces_;
};

}  // namespace neli::test
