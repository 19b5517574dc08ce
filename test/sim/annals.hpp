// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/record.hpp"

#include <map>
#include <string>

namespace neli::sim {

/// What a reader finds that has read the whole ledger from its beginning: the reading rules of
/// docs/protocol.md, written down a second time. Whoever has read up to an offset must find the
/// same.
class annals {
 public:
  struct tenure {
    core::token term = 0;  ///< 0: there is none
    std::string holder;
    core::offset last_counted = core::before_first;
    bool released = false;
  };

  void append(core::offset, const core::record&);
  /// The ledger was truncated or made anew: readers may know less than these, and others more.
  void end() { complete_ = false; }
  bool complete() const { return complete_; }

  tenure at(const std::string& role, core::offset) const;

 private:
  void read(core::offset, const core::claim&);
  void read(core::offset, const core::heartbeat&);
  void read(core::offset, const core::release&);

  bool complete_ = true;
  std::map<std::string, std::map<core::offset, tenure>> changes_;
};

}  // namespace neli::sim
