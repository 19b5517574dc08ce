// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/kafka/handle.hpp"

namespace neli::stores::kafka {

/// Tells the group that a member leaves, in steps that do not block. Without it the group waits for
/// the member until its session is over.
class good_bye {
 public:
  /// Takes the next step, if it is possible yet. Not for a member that is joining.
  void go_on(const handle&);

  bool said() const { return said_; }
  /// Whether the group has answered, or closing has failed.
  bool over(const handle&) const;

 private:
  bool unsubscribed_ = false;
  bool said_ = false;
  bool failed_ = false;
};

}  // namespace neli::stores::kafka
