// SPDX-License-Identifier: BSL-1.0
// The seam between the election and whatever spreads roles over the members of a group.
#pragma once

#include "shell/ledger.hpp"

#include <functional>
#include <string>

namespace neli::shell {

/// Every call and every answer is on the strand; no answer comes before the call has returned.
class membership {
 public:
  class listener : public health_listener {
   public:
    virtual void assigned(const std::string& role) = 0;
    /// The group waits until the role is given back.
    virtual void revoked(const std::string& role) = 0;
    /// The group does not wait: somebody else may have the role by now.
    virtual void lost(const std::string& role) = 0;

   protected:
    ~listener() = default;
  };

  virtual ~membership() = default;

  /// The ledger has been found.
  virtual void join() = 0;
  virtual void give_back(const std::string& role) = 0;
  /// Leaves in an orderly way, within a bound; roles that are still held are given back.
  virtual void leave(std::function<void()> left) = 0;
  /// No answer comes after this.
  virtual void stop() = 0;
};

}  // namespace neli::shell
