// SPDX-License-Identifier: BSL-1.0
// A real Apache Kafka for a test executable, run by scripts/kafka. It ends with the test, even when
// that crashes.
#pragma once

#include <boost/process.hpp>

#include <string>
#include <vector>

namespace neli::test {

class broker {
 public:
  /// Starts and waits until it is ready.
  explicit broker(const std::vector<std::string>& options = {});
  ~broker();
  broker(const broker&) = delete;
  broker& operator=(const broker&) = delete;

  const std::string& servers() const { return servers_; }

  /// The port of its first node for clients behind a proxy (option --proxies), to which it gives
  /// the address 127.0.0.11.
  unsigned short proxied_port() const;

  /// Runs a command of scripts/kafka on it ("pause", "1"); a failure fails the test.
  void command(std::vector<std::string> words) const;
  /// Runs a command-line class of Kafka's and returns its output.
  std::string tool(std::vector<std::string> words) const;

 private:
  std::string folder_;
  std::string servers_;
  boost::process::opstream lifeline_;
  boost::process::child process_;
};

/// A name that no other test uses.
std::string unique(const std::string& stem);

}  // namespace neli::test
