// SPDX-License-Identifier: BSL-1.0
// Servers of a store for a test executable. They end with the test, even when that crashes.
#pragma once

#include <boost/process.hpp>

#include <string>
#include <vector>

namespace neli::test {

class servers {
 public:
  /// Starts them by test/harness/serve, with these words, and waits until they are ready.
  explicit servers(const std::vector<std::string>& words);
  /// Whether there are servers of this kind, of those that scripts/setup installs on request only.
  static bool are_installed(const std::string& kind);
  ~servers();
  servers(const servers&) = delete;
  servers& operator=(const servers&) = delete;

  unsigned short port(std::size_t node = 1) const { return ports_.at(node - 1); }
  /// "127.0.0.1:2379"
  std::string address(std::size_t node = 1) const {
    return "127.0.0.1:" + std::to_string(port(node));
  }
  /// Where they work.
  const std::string& folder() const { return folder_; }

  void stop(int node = 1) { command("stop", node); }
  /// Without notice. What it has written stays.
  void kill(int node = 1) { command("kill", node); }
  void start(int node = 1) { command("start", node); }
  void pause(int node = 1) { command("pause", node); }
  void resume(int node = 1) { command("resume", node); }

 private:
  void command(const std::string& name, int node);

  boost::process::opstream commands_;
  boost::process::ipstream answers_;
  boost::process::child process_;
  std::vector<unsigned short> ports_;
  std::string folder_;
};

}  // namespace neli::test
