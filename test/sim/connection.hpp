// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sim/ledger.hpp"
#include "sim/machine.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

namespace neli::sim {

/// One process's consumer and producer, with what can happen to records on their way. What it calls
/// back it calls back on the machine, and never within a call.
class connection : public std::enable_shared_from_this<connection> {
 public:
  /// As `stores::ledger::listener`, but for what a record comes as.
  class client {
   public:
    virtual void reading(core::offset since, bool beginning, const std::string& log) = 0;
    virtual void record(core::offset, const entry&) = 0;
    virtual void end_reached() = 0;
    virtual void gap() = 0;
    virtual void appended(core::ticket) = 0;
    virtual void append_failed(core::ticket) = 0;

   protected:
    ~client() = default;
  };

  static std::shared_ptr<connection> make(ledger& l, machine& m, client& c) {
    return std::shared_ptr<connection>{new connection{l, m, c}};
  }

  void read_back(std::uint64_t records);
  void append(core::ticket, entry_ptr);
  void stop() { stopped_ = true; }

  /// Nothing arrives, in neither direction, for so long.
  void cut_off(real);
  /// What it was to read next is said to be gone, though the ledger is as it was.
  void lose_place();

 private:
  /// What was fetched and waits for the machine to take it: a record, the end, or a gap.
  struct item {
    enum class kind { record, end, gap } is;
    core::offset at = 0;
    entry_ptr what;
  };

  connection(ledger& l, machine& m, client& c)
      : ledger_{l},
        machine_{m},
        client_{c},
        around_{m.around()},
        pace_{m.around().checks, m.name()} {}

  template <class F>
  void answer(F);
  template <class F>
  void at(real, F);
  real cut_off_until(real t) const { return std::max(t, cut_off_until_); }

  void start_reading(std::uint64_t records);
  void expect_news(std::uint64_t nth);
  void fetch_later(real wait);
  void fetch(std::uint64_t nth);
  void find_it_gone();
  void deliver(std::uint64_t nth);
  void deliver(const item&);

  void arrive(core::ticket, const entry_ptr&, real sent);
  void report(core::ticket, real when, bool well);

  ledger& ledger_;
  machine& machine_;
  client& client_;
  surroundings& around_;
  pace pace_;
  bool stopped_ = false;
  real cut_off_until_{};

  bool reading_ = false;
  std::uint64_t nth_reading_ = 0;
  std::uint64_t generation_ = 0;  ///< of the ledger that is read
  core::offset position_ = 0;     ///< of the next record to fetch
  std::deque<item> fetched_;
  real fetched_until_{};   ///< records arrive in order,
  real appended_until_{};  ///< and so do appends
};

}  // namespace neli::sim
