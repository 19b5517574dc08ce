// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "lifetime.hpp"
#include "stores/register/health.hpp"
#include "stores/register/known_value.hpp"
#include "stores/register/operation.hpp"
#include "stores/register/outbox.hpp"
#include "stores/store.hpp"
#include "time_source.hpp"
#include <neli/stores/register.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace neli::stores::registers {

struct settings {
  std::function<std::unique_ptr<shared_register>(const asio::any_io_executor&)> make;
  std::string subject;  ///< "etcd key 'leader'"
  std::chrono::milliseconds lease{0};
  core::drift rho;
  std::size_t most_bytes = 0;
};

/// What a test has of its own.
struct means {
  std::unique_ptr<time_source> time;
  std::function<core::stamp()> time_of_day;
  std::uint64_t seed = 0;  ///< another one for each ledger
};

/// A log over a register, whose value is the log's tail. To append is to take the tail, add to it,
/// and swap: a swap that succeeds shows also what stands before the new records.
///
/// A swap of which it is not known whether it was written is in doubt, and may be written yet. It
/// expects a version that the register has only once. So it never will be written once the register
/// has had another version, and it is enough to look in the value of that for the records, by their
/// author and number. If a load shows that the version is still the expected one, the doubt goes
/// on. But then the next swap expects the same version, and so at most one of the two is written,
/// though both may hold the same records. Either way no record is written twice.
///
/// A register without a value has the same version whenever there is none, so absence tells nothing
/// of what was there meanwhile: a log, perhaps, with a leader that still leads, and that was
/// deleted. Therefore nothing is read before there is a log. A ledger that appends makes it, empty.
/// Each swap that makes a log gives it an id of its own, as it may be written after the log has
/// gone on and was deleted.
class ledger final : public stores::ledger {
 public:
  ledger(settings, const strand&, listener&, bool appends, means);

  void read_back(std::uint64_t records) override;
  void append(core::ticket, std::string value) override;
  void stop() override;

 private:
  /// In which one operation runs at a time.
  struct lane {
    operation op;
    clock::time_point until = clock::time_point::max();       ///< then it is asked to end
    clock::time_point not_before = clock::time_point::min();  ///< the next one is not started
    unsigned failures = 0;                                    ///< one after the other
  };
  /// What was when a load or a swap was started: what its answer is to be taken for.
  struct beginning {
    clock::time_point when;
    std::uint64_t nth_reading = 0;
    std::uint64_t changes = 0;
  };
  /// What a swap is to write.
  struct sent {
    std::string bytes;
    registers::tail tail;
    std::uint64_t last_number = 0;  ///< of the records in the outbox
  };
  struct failure {
    error_code code;
    std::string what;
    bool final = false;
  };

  bool over() const { return stopped_ || failed_; }
  bool looks() const { return must_load_ || (work_.op.running() && loading_); }
  bool must_make_log() const {
    return appends_at_all_ && asked_ && known_.is_known() && known_.tail().log == 0;
  }
  void soon();
  void go();
  void start_due();
  void wake();

  void load();
  void loaded(const std::exception_ptr&, register_value, bool cancelled, const beginning&);
  void make_log();
  void swap();
  void swap(sent);
  void swapped(const std::exception_ptr&, const register_swap&, bool cancelled, const beginning&,
               sent);
  void refuse_first(std::size_t size);
  void wait();
  void waited(const std::exception_ptr&, std::optional<register_value>, bool cancelled);

  bool has_register();
  beginning begin(lane&);
  void end_in_time(lane&, health&);
  void abandon(health&);
  failure no_answer() const;
  failure explain(const std::exception_ptr&) const;
  void trouble(const failure&, lane&, health&);
  void put_off(lane&, unsigned nth, clock::duration first);

  sent with_first(std::size_t records);
  void take_answer(register_value, const beginning&);
  void take_written(const std::string& version, sent, const beginning&);
  void take_hint(register_value);
  void note(register_value, registers::tail);
  void cannot_read(const std::string& why);
  void lose(const std::string& why);
  void begin_reading();
  void deliver(bool to_the_end);
  void tell_appended(const outbox::tickets&);
  void tell_failed(const outbox::tickets&, const std::string& why);
  void look_at_health();

  const settings settings_;
  const strand strand_;
  listener& listener_;
  const bool appends_at_all_;
  const std::unique_ptr<time_source> time_;
  const std::function<core::stamp()> time_of_day_;
  std::mt19937_64 random_;
  const std::chrono::milliseconds patience_;  ///< for one operation
  bool stopped_ = false;
  bool failed_ = false;
  bool posted_ = false;

  std::shared_ptr<shared_register> register_;
  lane work_;  ///< loads and swaps
  lane wait_;
  std::string waits_for_other_than_;
  clock::time_point waits_since_{};
  unsigned vain_hints_ = 0;  ///< one after the other
  unsigned lost_swaps_ = 0;  ///< one after the other

  known_value known_;
  bool must_load_ = false;
  bool loading_ = false;       ///< if work is done: it is a load
  clock::time_point as_of_{};  ///< when there was news of it, or none for certain

  bool asked_ = false;             ///< to read, and has not told from where
  std::uint64_t nth_reading_ = 0;  ///< that was asked for
  std::uint64_t records_ = 0;      ///< to start so many before the end
  bool reading_ = false;           ///< has told from where
  core::offset position_ = 0;      ///< of what is told next

  outbox outbox_;
  clock::time_point append_failed_at_{};

  health reads_;
  health appends_;
  health waits_;
  lifetime lifetime_;
};

}  // namespace neli::stores::registers
