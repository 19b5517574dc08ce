// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/record.hpp"

#include <map>
#include <string>
#include <vector>

namespace neli::sim {

/// The state that a reader of the whole ledger finds: the reading rules of docs/protocol.md,
/// written down a second time. A process that has read up to an offset must find the same state.
class annals {
 public:
  struct tenure {
    core::token term = 0;  ///< 0: there is no term
    std::string holder;
    core::offset last_counted = core::before_first;
    bool released = false;
  };

  /// Adds the next record of the log, or something that is no record.
  void append(core::fingerprint, const core::record* = nullptr);
  /// The log is made anew, empty: from now on these are the annals of the new log.
  void begin_anew();
  /// Old records have vanished: readers may know less than the annals tell, and differ from each
  /// other.
  void end() { complete_ = false; }

  /// Whether these are annals of the log of a reader that has read this record there, or nothing
  /// yet.
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
