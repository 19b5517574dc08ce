// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <optional>
#include <string>

namespace neli::tools {

/// A control group (version 2) that holds the command's processes, to kill all of them at one
/// stroke. Not every system lets one make it: then each process is killed by itself.
class enclosure {
 public:
  /// None if the system has no such groups, or refuses one.
  static std::optional<enclosure> make();
  explicit enclosure(std::string folder) : folder_{std::move(folder)} {}

  const std::string& folder() const { return folder_; }
  /// Puts the calling process, and what it will start, in here. Does not allocate: for between
  /// fork and exec. False if the system refuses.
  bool enter() const;
  void kill() const;
  /// Does nothing as long as a process is in it.
  void remove() const;

 private:
  std::string folder_;
  std::string procs_ = folder_ + "/cgroup.procs";
};

}  // namespace neli::tools
