// SPDX-License-Identifier: BSL-1.0
// Candidates in processes of their own (`neli contend`), and what they say.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/process.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli::test {

/// One line of a node's: `<ns> <name> <what> [detail]`.
struct fact {
  std::int64_t ns = 0;
  std::string name;
  std::string what;
  std::string detail;

  /// The detail's n-th word as a number.
  std::uint64_t number(std::size_t n = 0) const;
};

class nodes {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// All start with these options.
  explicit nodes(std::vector<std::string> options) : options_{std::move(options)} {}
  /// Kills whoever is left and fails the test if two ever led at once or a term was not larger than
  /// the one before.
  ~nodes();

  void start(const std::string& name, const std::vector<std::string>& options = {});
  void signal(const std::string& name, int signal);
  /// SIGTERM, and waits for the process to end well.
  void close(const std::string& name);
  /// SIGKILL.
  void kill(const std::string& name);
  /// Waits for the process to end by itself; its exit status.
  int wait_for_end(const std::string& name, milliseconds within = minute);

  /// Lets time pass, reading what is said.
  void run_for(milliseconds);
  /// What was said before this is of no interest to `expect` any more. Starting or signalling a
  /// node does this too.
  void mark() { mark_ = now_ns(); }
  /// Waits for such a fact, said since the mark; fails the test if it does not come.
  fact expect(const std::string& what, milliseconds within = minute);
  fact expect_of(const std::string& name, const std::string& what, milliseconds within = minute);
  /// Waits until somebody is leading; who.
  fact leader(milliseconds within = minute);

  /// What has been said so far, in the order it was read.
  const std::vector<fact>& said() const { return said_; }
  std::size_t count(const std::string& what) const;
  std::optional<fact> last(const std::string& name, const std::string& what) const;
  static std::int64_t now_ns();

  static constexpr milliseconds minute{60'000};

 private:
  struct node {
    explicit node(boost::asio::io_context& c) : out{c} {}
    boost::process::child process;
    boost::process::async_pipe out;
    boost::asio::streambuf text;
  };

  void read(node&);
  void check_promises() const;
  bool run_until(const std::function<bool()>&, milliseconds within);
  fact expect_if(const std::function<bool(const fact&)>&, const std::string& description,
                 milliseconds within);

  std::vector<std::string> options_;
  boost::asio::io_context context_;
  std::map<std::string, std::unique_ptr<node>> nodes_;
  std::vector<std::unique_ptr<node>> gone_;
  std::map<std::string, std::int64_t> killed_;
  std::vector<fact> said_;
  std::int64_t mark_ = 0;
};

}  // namespace neli::test
