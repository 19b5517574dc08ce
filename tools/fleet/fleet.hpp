// SPDX-License-Identifier: BSL-1.0
// Candidates (`neli contend`, `neli roles`) or followers (`neli follow`) in processes of their own,
// and what they say. The demo and the tests with real processes are made of this.
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
#include <stdexcept>
#include <string>
#include <vector>

namespace neli::tools {

/// One line of a node's: `<ns> <name>[/<role>] <what> [detail]`.
struct fact {
  std::int64_t ns = 0;
  std::string name;
  std::string role;  ///< empty: the only one, or of all
  std::string what;
  std::string detail;

  /// The detail's n-th word as a number.
  std::uint64_t number(std::size_t n = 0) const;
};

/// What was waited for did not come.
struct silence : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class fleet {
 public:
  using milliseconds = std::chrono::milliseconds;
  using on_fact = std::function<void(const fact&)>;

  /// All run this subcommand of the program, with its options. Each fact is told as it is read.
  fleet(std::string program, std::vector<std::string> subcommand, on_fact);
  /// Kills whoever is left.
  ~fleet();
  fleet(const fleet&) = delete;
  fleet& operator=(const fleet&) = delete;

  void start(const std::string& name, const std::vector<std::string>& options = {});
  void signal(const std::string& name, int signal);
  /// SIGTERM, and waits for the process to end well.
  void close(const std::string& name);
  /// SIGKILL.
  void kill(const std::string& name);
  /// Waits for the process to end by itself; its exit status.
  int wait_for_end(const std::string& name, milliseconds within = minute);

  /// Its process.
  int id_of(const std::string& name) { return at(name).process.id(); }

  /// Lets time pass, reading what is said.
  void run_for(milliseconds);
  /// What was said before this is of no interest to `expect` any more. Starting or signalling a
  /// node does this too.
  void mark();
  /// Waits for such a fact, said since the mark. Throws `silence` if it does not come, as do all
  /// that wait.
  fact expect(const std::string& what, milliseconds within = minute);
  fact expect_of(const std::string& name, const std::string& what, milliseconds within = minute);
  fact expect_of(const std::string& name, const std::string& what, const std::string& detail,
                 milliseconds within = minute);
  /// Who is leading which role.
  std::map<std::string, fact> leaders();
  /// Waits until so many roles are led; who leads them.
  std::map<std::string, fact> leaders(std::size_t roles, milliseconds within = minute);
  /// Waits until somebody is leading the only role; who.
  fact leader(milliseconds within = minute);

  /// What has been said so far, in the order it was read.
  const std::vector<fact>& said() const { return said_; }
  std::size_t count(const std::string& what) const;
  std::optional<fact> last(const std::string& name, const std::string& what) const;

  /// Ends all in order, the paused ones too.
  void end();
  /// From when to when somebody was seen to say "I lead".
  struct interval {
    std::string role;
    std::int64_t from, to;
    std::string who;
  };
  /// Role by role, in the order in which they began. Complete after `end`.
  std::vector<interval> led() const;
  /// What must never be, in words: two that led a role at once, a term of a role that was not
  /// larger than the one before. Complete after `end`.
  std::vector<std::string> broken_promises() const;

  static constexpr milliseconds minute{60'000};

 private:
  struct node {
    explicit node(boost::asio::io_context& c) : out{c} {}
    boost::process::child process;
    boost::process::async_pipe out;
    boost::asio::streambuf text;
    bool all_read = false;  ///< it has ended, and nothing that it said is missing
  };

  void read(node&);
  bool run_until(const std::function<bool()>&, milliseconds within);
  fact expect_if(const std::function<bool(const fact&)>&, const std::string& description,
                 milliseconds within);

  node& at(const std::string& name);

  std::string program_;
  std::vector<std::string> subcommand_;
  on_fact tell_;
  boost::asio::io_context context_;
  std::map<std::string, std::unique_ptr<node>> nodes_;
  std::vector<std::unique_ptr<node>> gone_;
  std::vector<interval> killed_while_leading_;
  std::vector<fact> said_;
  std::int64_t mark_ = 0;
};

}  // namespace neli::tools
