// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "stores/memory/conditions.hpp"
#include "stores/memory/log.hpp"
#include "stores/store.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace neli::stores::memory {

/// A ledger on a log in memory, which may go away only after it.
class ledger : public stores::ledger {
 public:
  ledger(memory::log&, std::shared_ptr<memory::conditions>, listener&);

  void read_back(std::uint64_t records) override;
  void append(core::ticket, std::string value) override;
  void stop() override;

  /// Until it is stopped.
  std::weak_ptr<ledger> link() const { return self_; }

  bool is_reading() const { return reading_; }
  /// What it was to read next is said to be gone, be it or not.
  void lose_place(const std::string& why);
  void trouble(error_code, const std::string& what);
  void fail(error_code, const std::string& what);

 private:
  using entries = std::vector<log::entry_ptr>;

  /// What is void once the ledger has been stopped.
  template <class F>
  auto guard(F) const;
  /// And what is once another reading was asked for.
  template <class F>
  auto of_this_reading(F) const;
  template <class F>
  void answer(F);

  void start(std::uint64_t records);
  void expect_news();
  void fetch();
  void deliver(core::offset first, const entries&);

  memory::log& log_;
  const std::shared_ptr<memory::conditions> conditions_;
  listener& listener_;
  std::shared_ptr<ledger> self_{this,
                                [](auto*) {}};  ///< owns nothing, and lasts until it is stopped

  std::uint64_t nth_reading_ = 0;
  bool reading_ = false;
  bool fetching_ = false;
  std::uint64_t generation_ = 0;  ///< of the log that is read
  core::offset position_ = 0;     ///< of the next record to fetch
};

}  // namespace neli::stores::memory
