// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "contract/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace neli::test::contract {

class member;

/// Who takes which role for its own.
using owners = std::map<std::string, member*>;

/// A membership, and a listener that writes down what it is told. Whatever a test is about, each
/// answer is held against what the contract says of all answers.
class member final : private stores::membership::listener {
 public:
  member(memberships&, owners&);
  ~member() { destroy(); }

  void join();
  void give_back(const std::string& role);
  void leave();
  void stop();
  /// Nothing of it is left.
  void destroy();

  std::set<std::string> has;
  std::set<std::string> asked;  ///< to give back, and has not
  std::set<std::string> lost_roles;
  bool has_left = false;
  int answers = 0;
  /// Gives back what it is asked for, at once.
  bool obliging = true;
  /// Called within the answer.
  std::function<void(const std::string& role)> on_assigned = [](const auto&) {};

  stores::membership& get() { return *membership_; }

 private:
  void answered();
  void disown(const std::string& role);
  void disown_all();
  void learn_of_losses();
  void assigned(const std::string& role) override;
  void asked_back(const std::string& role) override;
  void lost(const std::string& role) override;
  void trouble(const std::string&, stores::error_code, const std::string&) override { answered(); }
  void failed(stores::error_code, const std::string& what) override;

  memberships& in_;
  owners& owners_;
  std::set<std::string> overtaken_;  ///< another has it: that it has lost it is to be told yet
  bool calling_ = false;
  bool leaving_ = false;
  bool stopped_ = false;
  std::unique_ptr<stores::membership> membership_;
};

}  // namespace neli::test::contract
