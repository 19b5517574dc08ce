// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/record.hpp"
#include "sim/surroundings.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace neli::sim {

/// What is in the ledger, as a text and as what it says: the bare core needs but one of them, and
/// either is made of the other when it is first asked for.
class entry {
 public:
  using meaning = std::variant<core::record, core::unreadable>;

  explicit entry(core::record r) : says_{std::move(r)} {}
  explicit entry(std::string text) : text_{std::move(text)} {}
  /// The same, in a log that has taken it then.
  entry(const entry& sent, core::stamp taken) : entry{sent} { taken_ = taken; }

  const std::string& text() const;
  const meaning& says() const;
  core::stamp taken() const { return taken_; }
  core::fingerprint fingerprint() const;

 private:
  mutable std::optional<std::string> text_;
  mutable std::optional<meaning> says_;
  core::stamp taken_ = 0;
  mutable core::fingerprint fingerprint_ = 0;
};

using entry_ptr = std::shared_ptr<const entry>;

/// The log that all share, with what may happen to it.
class ledger {
 public:
  explicit ledger(surroundings& s) : around_{s} {}

  core::offset begin() const { return begin_; }
  core::offset end() const { return begin_ + static_cast<core::offset>(entries_.size()); }
  const entry_ptr& at(core::offset o) const {
    return entries_[static_cast<std::size_t>(o - begin_)];
  }
  /// Which of the ledgers it is that were made anew.
  std::uint64_t generation() const { return generation_; }
  /// What readers are told of that.
  std::string name() const;

  void append(entry_ptr);
  /// To be told that there is something new, until it says no.
  void on_news(std::function<bool()> f) { readers_.push_back(std::move(f)); }

  void suffer_faults();
  void recreate();

 private:
  void truncate();
  void lose_the_end();
  void make_noise();
  void change_clocks();
  void note(const core::record&);
  void tell();

  surroundings& around_;
  std::deque<entry_ptr> entries_;
  std::deque<real> appended_;  ///< when each of them was
  core::offset begin_ = 0;
  std::uint64_t generation_ = 0;
  real clock_ahead_{};  ///< of true time, or behind it
  std::vector<std::function<bool()>> readers_;
};

}  // namespace neli::sim
