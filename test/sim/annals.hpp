// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/record.hpp"

#include <map>
#include <string>
#include <vector>

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

  /// The next record of the log, or, without one, something that is none.
  void append(core::fingerprint, const core::record* = nullptr);
  /// The log is made anew, empty: these are the new one's.
  void begin_anew();
  /// Old records have vanished: readers may know less than these, and others more.
  void end() { complete_ = false; }

  /// Whether a reader that has read this there, or nothing yet, reads the log that these tell of.
  bool tell_of(core::offset, core::fingerprint) const;
  tenure at(const std::string& role, core::offset) const;

 private:
  void read(core::offset, const core::claim&);
  void read(core::offset, const core::heartbeat&);
  void read(core::offset, const core::release&);
  bool is_of_this_log(core::offset at, core::offset based_on, core::fingerprint seen) const;

  bool complete_ = true;
  std::vector<core::fingerprint> log_;
  std::map<std::string, std::map<core::offset, tenure>> changes_;
};

}  // namespace neli::sim
