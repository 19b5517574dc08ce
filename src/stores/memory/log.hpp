// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "core/types.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace neli::stores::memory {

/// A log in memory, for all ledgers that are opened on it. It may lose what real logs lose.
class log {
 public:
  struct entry {
    std::string value;
    core::stamp taken = 0;
  };
  using entry_ptr = std::shared_ptr<const entry>;

  log() = default;
  log(const log&) = delete;
  log& operator=(const log&) = delete;
  virtual ~log() = default;

  core::offset begin() const { return begin_; }
  core::offset end() const { return begin_ + static_cast<core::offset>(entries_.size()); }
  const entry_ptr& at(core::offset o) const {
    return entries_[static_cast<std::size_t>(o - begin_)];
  }
  /// Which of the logs it is that were made anew, one after the other.
  std::uint64_t generation() const { return generation_; }
  /// What readers are told of that; may be nothing.
  virtual std::string name() const { return std::to_string(generation_); }

  void append(std::string value);
  /// Old records are removed, all before this one.
  void remove_before(core::offset);
  /// As when a broker takes over that had not followed.
  void lose_last(std::size_t records);
  /// It is deleted, and made anew, empty.
  void make_anew();

  /// To be called whenever there is something new, for as long as it says that it wants to be.
  void on_news(std::function<bool()>);

 protected:
  /// The log's clock.
  virtual core::stamp now() const = 0;
  virtual void appended(const entry&) {}

 private:
  void tell();

  std::deque<entry_ptr> entries_;
  core::offset begin_ = 0;
  std::uint64_t generation_ = 0;
  std::vector<std::function<bool()>> readers_;
};

}  // namespace neli::stores::memory
