// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/group.hpp"
#include "sim/ledger.hpp"
#include "sim/machine.hpp"
#include <neli/config.hpp>
#include <neli/event.hpp>
#include <neli/term.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli::sim {

/// Where a process is, and what it is there for.
struct site {
  sim::machine& machine;
  sim::ledger& ledger;
  sim::group& group;
  bool follower = false;
  neli::arbitration how{};
  const std::vector<std::string>& roles;        ///< all
  const std::vector<std::string> contends_for;  ///< or follows
};

/// What a user may do without any reason that the library knows of.
enum class whim { resign, close, destroy, fiddle };

/// One process that takes part, and its user.
class node {
 public:
  virtual ~node() = default;

  // --- from outside, at any instant ---

  virtual bool leads(const std::string& role) const = 0;
  /// What it leads, but not within a step.
  virtual std::optional<neli::term> term(const std::string& role) const = 0;
  /// Whether it has a candidate or follower of the role, and
  virtual bool listens(const std::string& role) const = 0;
  /// whom that takes for the leader.
  virtual std::optional<leader_info> leader(const std::string& role) const = 0;
  /// Whether it takes part no more.
  virtual bool over() const = 0;

  virtual void cut_off(real) = 0;
  virtual void lose_place() = 0;

  // --- on its machine ---

  virtual void act(whim, const std::string& role) = 0;
  /// The faults are long over: everybody must have been told what is so.
  virtual void check_settled() const {}
  /// Everything is closed in order.
  virtual void finish() = 0;
  /// That was long ago.
  virtual void check_closed() const {}
};

std::unique_ptr<node> make_core_node(const site&);
std::unique_ptr<node> make_shell_node(const site&);

}  // namespace neli::sim
