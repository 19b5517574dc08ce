// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <functional>

namespace neli::stores::memory {

/// Under which one ledger in memory works: when what it asks for happens, and whether it does.
class conditions {
 public:
  using event = std::function<void()>;
  using outcome = std::function<void(bool well)>;

  virtual ~conditions() = default;

  /// The ledger's answers, in their order: on its strand, after the call that they answer.
  virtual void answer(event) = 0;
  /// The ledger asks where the log begins and ends. Until then it does not read.
  virtual void look(event seen) = 0;
  /// There is something new. What is there when it arrives is read, and nothing before.
  virtual void fetch(event arrives) = 0;
  /// A record is on its way to the log, where it may arrive late, twice or never; and its author is
  /// told, once, whether it did, rightly or not.
  virtual void append(event arrives, outcome told) = 0;
  /// Whether a reader notices that the log is another one, also where it has read less of the
  /// earlier one than there is in the new one.
  virtual bool notices_a_new_log() const { return true; }
  /// Once it says no, nothing more is answered.
  virtual bool alive() const { return true; }
};

}  // namespace neli::stores::memory
