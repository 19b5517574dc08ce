// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "shell/candidate.hpp"
#include "shell/follower.hpp"
#include "strand.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace neli::shell {

/// The same order in every run of the simulator.
struct by_name {
  bool operator()(const candidate*, const candidate*) const;
};
using candidates_by_name = std::set<candidate*, by_name>;

/// The candidates and followers of a session. Their handles hold them, and they hold the session:
/// this holds none of them. Each is removed on the session's strand before it is gone.
class registry {
 public:
  using endpoints = std::vector<std::shared_ptr<endpoint>>;

  // --- from any thread ---

  /// Takes the role's name for a candidate whose barriers and tasks run on that strand. False: it
  /// is taken.
  bool take(const std::string& role, const strand& user);
  /// From now on another candidate may be made for its role.
  void vacate(candidate&);
  /// Whether the caller is a barrier or a task of one of the candidates.
  bool called_by_user_code();

  // --- on the session's strand ---

  void add(const std::shared_ptr<candidate>&);
  void add(const std::shared_ptr<follower>&);
  void remove(candidate&);
  /// False: it is not there any more.
  bool remove(follower&);
  void clear();

  candidate* find(const std::string& role) const;
  std::vector<std::shared_ptr<candidate>> candidates() const;
  bool any_candidates() const { return !candidates_.empty(); }
  bool any_followers() const { return !followers_.empty(); }
  endpoints all() const;
  /// Its candidate first.
  endpoints of(const std::string& role) const;

 private:
  std::mutex mutex_;
  std::map<std::string, strand> taken_;  ///< under the mutex

  std::map<std::string, std::weak_ptr<candidate>> candidates_;
  std::multimap<std::string, std::weak_ptr<follower>> followers_;
};

}  // namespace neli::shell
