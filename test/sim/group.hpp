// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/machine.hpp"
#include "stores/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace neli::sim {

class group;

/// One process's membership. It calls back on the machine only, and never within a call.
class member : public std::enable_shared_from_this<member> {
 public:
  using listener = stores::membership::listener;

  static std::shared_ptr<member> make(group& g, machine& m, listener& l) {
    return std::shared_ptr<member>{new member{g, m, l}};
  }

  void join();
  void give_back(const std::string& role);
  void leave(std::function<void()> left);
  void stop() { stopped_ = true; }

 private:
  friend class group;

  member(group& g, machine& m, listener& l) : group_{g}, machine_{m}, listener_{l} {}

  template <class F>
  void answer(F);
  void tell(void (listener::*)(const std::string&), const std::string& role);
  void thrown_out();
  /// Whether the group can hear of it.
  bool lives() const { return !stopped_ && !machine_.dead() && !machine_.frozen(); }

  group& group_;
  machine& machine_;
  listener& listener_;
  bool stopped_ = false;
  bool left_ = false;          ///< for good
  bool joined_ = false;        ///< as far as the group knows
  std::set<std::string> has_;  ///< as far as the member itself knows
  real last_sign_{};
};

/// The coordinator of a group, which spreads the roles over its members.
class group {
 public:
  explicit group(surroundings&);

  void suffer_faults();
  void spread_anew() { rebalance(spread::anew); }

 private:
  friend class member;

  /// Whether the owners keep their roles.
  enum class spread { sticky, anew };

  void joins(const std::shared_ptr<member>&);
  void leaves(member&);
  void given_back(member&, const std::string& role);

  void watch();
  void throw_out(member&);
  void rebalance_soon(spread);
  void rebalance(spread);
  void ask_back();
  void give_up_waiting(std::uint64_t nth);
  void spread_what_is_free();
  std::shared_ptr<member> any_member();

  surroundings& around_;
  std::vector<std::shared_ptr<member>> members_;
  std::map<std::string, std::shared_ptr<member>> owners_;   ///< null: no owner
  std::map<std::string, std::shared_ptr<member>> targets_;  ///< of the rebalance under way
  std::set<std::string> awaited_;                           ///< roles that have to be given back
  bool moving_ = false;
  bool again_ = false;
  std::uint64_t nth_ = 0;
};

}  // namespace neli::sim
