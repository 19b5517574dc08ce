// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <filesystem>
#include <fleet.hpp>
#include <string>
#include <vector>

namespace neli::test {

/// Candidates or followers in processes of their own. At the end it checks, for every test, that no
/// two led a role at once, that terms grew, and that the protocol allows every step of each
/// process.
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
