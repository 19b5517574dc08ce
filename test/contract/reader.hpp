// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "contract/store.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace neli::test::contract {

/// A ledger, and a listener that writes down what it is told. Whatever a test is about, each answer
/// is held against what the contract says of all answers.
class reader final : private stores::ledger::listener {
 public:
  struct beginning {
    core::offset since = 0;
    bool is_first = false;
    std::string log;
  };
  struct entry {
    core::offset at = 0;
    core::stamp taken = 0;
    std::string value;
  };

  explicit reader(ledgers&, bool appends = true);

  // --- calls ---

  void read_back(std::uint64_t records);
  core::ticket append(std::string value);
  void stop();
  void destroy() { ledger_.reset(); }

  // --- calls, and their outcome ---

  /// Reads so many records before the end, and what else there is until the end.
  void read(std::uint64_t records);
  /// All that there is.
  void read_all() { read(std::uint64_t{1} << 40); }
  void append_well(const std::string& value);
  /// Goes on reading until this comes.
  void await(const std::string& value);
  void await_outcomes();
  bool has_read(const std::string& value) const;
  std::vector<std::string> values() const;

  // --- what it was told since the last `read_back` ---

  std::vector<beginning> readings;
  std::vector<entry> entries;
  int ends = 0;
  int gaps = 0;

  // --- what it was told ever ---

  std::size_t answers = 0;
  std::map<core::ticket, bool> outcomes;  ///< whether it was appended
  int troubles = 0;
  bool troubled = false;

  /// Called within the answer.
  std::function<void()> on_reading, on_record, on_end, on_outcome;

 private:
  void answered();
  void reading(core::offset since, bool first, const std::string& log) override;
  void record(core::offset at, core::stamp, std::string_view value) override;
  void end_reached() override;
  void gap(const std::string& why) override;
  void appended(core::ticket t) override { outcome(t, true); }
  void append_failed(core::ticket t, const std::string&) override { outcome(t, false); }
  void trouble(const std::string& part, stores::error_code, const std::string& what) override;
  void failed(stores::error_code, const std::string& what) override;
  void outcome(core::ticket, bool well);

  ledgers& in_;
  bool calling_ = false;
  bool stopped_ = false;
  bool asked_ = false;    ///< to read, and has not been told from where
  bool reading_ = false;  ///< has been told from where
  core::ticket last_ticket_ = 0;
  std::unique_ptr<stores::ledger> ledger_;
};

}  // namespace neli::test::contract
