// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/kafka/handle.hpp"

namespace neli::stores::kafka {

/// What a member tells its group when it leaves, in steps that none of them blocks. Without it the
/// group waits for the member until its session is over.
class good_bye {
 public:
  /// Takes the next step, if it can be taken yet. Not for a member that is joining.
  void go_on(const handle&);

  bool said() const { return said_; }
  /// Whether the group has answered, or nothing more can be said.
  bool over(const handle&) const;

 private:
  bool unsubscribed_ = false;
  bool said_ = false;
  bool failed_ = false;
};

}  // namespace neli::stores::kafka
