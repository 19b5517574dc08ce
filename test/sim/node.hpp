// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/cell.hpp"
#include "sim/group.hpp"
#include "sim/ledger.hpp"
#include "sim/machine.hpp"
#include <neli/arbitration.hpp>
#include <neli/config.hpp>
#include <neli/event.hpp>
#include <neli/term.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace neli::sim {

/// The surroundings of a process, and its purpose.
struct site {
  sim::machine& machine;
  sim::ledger& ledger;
  sim::group& group;
  bool follower = false;
  neli::arbitration how{};
  const std::vector<std::string>& roles;        ///< all roles
  const std::vector<std::string> contends_for;  ///< or follows
  sim::cell* cell = nullptr;                    ///< in place of the ledger
};

/// What a user may do at any time, for reasons of its own.
enum class whim { resign, close, destroy, fiddle };

/// One process that takes part, and its user.
class node {
 public:
  virtual ~node() = default;

  // --- from outside, at any instant ---

  virtual bool leads(const std::string& role) const = 0;
  /// The term that it leads; not asked within a step.
  virtual std::optional<neli::term> term(const std::string& role) const = 0;
  /// Whether it has a candidate or follower of the role.
  virtual bool listens(const std::string& role) const = 0;
  /// The leader of the role, as far as it knows.
  virtual std::optional<leader_info> leader(const std::string& role) const = 0;
  /// Whether it does not take part any more.
  virtual bool over() const = 0;

  virtual void cut_off(real) = 0;
  virtual void lose_place() = 0;

  // --- on its machine ---

  virtual void act(whim, const std::string& role) = 0;
  /// Long after the last fault: checks that it has been told the present state.
  virtual void check_settled() const {}
  /// Closes everything in order.
  virtual void finish() = 0;
  /// Called long after `finish`: checks that everything has been closed.
  virtual void check_closed() const {}
};

std::unique_ptr<node> make_core_node(const site&);
std::unique_ptr<node> make_shell_node(const site&);

}  // namespace neli::sim
