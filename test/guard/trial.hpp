// SPDX-License-Identifier: BSL-1.0
// A leader with a guard, and a candidate that stands by, in processes of their own.
#pragma once

#include "harness/servers.hpp"
#include <neli/store.hpp>

#include <boost/process.hpp>

#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <fleet.hpp>
#include <optional>
#include <string>
#include <vector>

namespace neli::test {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// A ledger of its own.
struct place {
  std::string store;  ///< "kafka" or "etcd"
  std::string servers;
  std::string ledger;
  neli::store how;
};

place on_kafka();
place on_etcd();
/// Where that place is.
servers& the_etcd();

/// Longer than any test waits for anything: if another leads, then not because this has passed.
constexpr milliseconds no_end = 10min;

class trial {
 public:
  explicit trial(place, milliseconds lease = no_end);

  struct leader {
    std::string does;  ///< when it is told to act
    std::string guard = "both";
    std::string children = "yes";
    std::string in_a_namespace = "no";  ///< as its first process
    std::string free_memory = "now";    ///< or "later"
  };
  /// `a` leads, and `b`, which has no guard, knows that.
  void start(const leader&);
  /// Tells `a` to do what it was made for.
  void act() { nodes_.signal("a", SIGUSR1); }
  void kill(const std::string& name) { nodes_.kill(name); }
  void signal(int s) { nodes_.signal("a", s); }
  /// Fails if `b` does not come to lead.
  void another_leads();
  /// Fails if `b` leads within two seconds.
  void nobody_else_leads();
  tools::fact said(const std::string& what) { return nodes_.expect_of("a", what); }
  tools::fact said(const std::string& what, const std::string& detail) {
    return nodes_.expect_of("a", what, detail);
  }
  /// Of the process that guards `a`.
  ::pid_t guard() const;
  tools::fleet& nodes() { return nodes_; }

 private:
  const place place_;
  tools::fleet nodes_;
};

/// A guard for all who name its socket.
class listening_guard {
 public:
  listening_guard();
  ~listening_guard();
  listening_guard(const listening_guard&) = delete;
  listening_guard& operator=(const listening_guard&) = delete;

  const std::string& socket() const { return socket_; }
  void start();
  void signal(int s) { ::kill(process_.id(), s); }
  /// Waits for its end.
  bool ends_well();

 private:
  const std::string socket_;
  boost::process::child process_;
};

/// The process that was started with these words, next to each other, if there is one.
std::optional<::pid_t> process_of(const std::vector<std::string>& words);
/// Waits until there is none.
bool has_ended(::pid_t);

}  // namespace neli::test
