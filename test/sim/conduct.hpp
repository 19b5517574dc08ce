// SPDX-License-Identifier: BSL-1.0
// What one process may do, given what it has been told. Most breaches of a rule of docs/protocol.md
// do harm only in a rare coincidence; here each breach is seen when it happens.
#pragma once

#include "core/action.hpp"
#include "core/input.hpp"
#include "sim/annals.hpp"
#include "sim/checks.hpp"
#include <neli/arbitration.hpp>
#include <neli/event.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

namespace neli::sim {

class conduct {
 public:
  conduct(checks& c, const annals& a, std::string who, arbitration how)
      : checks_{c}, annals_{a}, who_{std::move(who)}, how_{how} {}

  /// One step: the input, and the time by the process's clock.
  void takes(core::instant now, const core::any_input&);
  /// An action of that step.
  void does(const core::any_action& a) {
    std::visit([this](const auto& one) { on(one); }, a);
  }
  /// When the process wants to be woken if nothing happens before.
  void asks_to_be_woken(core::instant);
  /// The process has stood still while a barrier of the role ran.
  void stood_still(const std::string& role);

 private:
  enum class giving { none, assigned, asked_back, lost };
  struct sent_claim {
    core::token term = 0;
    core::ticket ticket = 0;
    core::instant when;
    bool settled = false;  ///< read back, failed, lost with the ledger or withdrawn
    bool read = false;
  };
  struct sent_release {
    core::ticket ticket = 0;
    core::instant until;
  };
  struct barrier {
    core::instant since;
    std::optional<core::instant> cancelled;
    bool excused = false;
  };
  struct part {
    giving given = giving::none;
    giving given_before =
        giving::none;  ///< before this step, as what is due may still follow from that
    bool contends = false;
    bool closing = false;
    core::instant open_until = core::instant::min();
    core::token highest = 0;  ///< the highest number used, as far as it must know
    core::token most = 0;     ///< the highest number used, as far as it may know
    std::optional<sent_claim> claim;
    std::optional<sent_release> release;
    std::set<core::token> over;      ///< its own terms that it has given up or was fenced from
    std::set<core::token> released;  ///< its own terms that it has released
    core::token kept_term = 0;
    core::instant kept =
        core::instant::min();  ///< when the newest of its records that came back was sent
    std::map<std::string, core::instant> must_pass;  ///< the ends of other processes' leases
    core::instant not_before = core::instant::min();
    core::instant lost_lease =
        core::instant::min();  ///< the end of the lease from which it was fenced
    bool leading = false;
    std::map<std::uint64_t, barrier> barriers;
    core::instant open_said = core::instant::min();
    core::instant unwanted_since = core::never;
  };

  part& of(const std::string& role) { return parts_[role]; }
  void on(const core::input::read&);
  void on(const core::input::reading&) { settle_claims(); }
  void on(const core::input::end_reached&) { at_end_ = true; }
  void on(const core::input::gap&);
  void on(const core::input::appended& i) { outcome(i.ticket); }
  void on(const core::input::append_failed& i) { outcome(i.ticket); }
  void on(const core::input::assigned& i) { of(i.role).given = giving::assigned; }
  void on(const core::input::asked_back& i) { of(i.role).given = giving::asked_back; }
  void on(const core::input::lost& i) { of(i.role).given = giving::lost; }
  void on(const core::input::left&);
  void on(const core::input::contend& i) { forget(i.role), of(i.role).contends = true; }
  void on(const core::input::drop& i) { forget(i.role); }
  void on(const core::input::close& i) {
    of(i.role).closing |= std::exchange(of(i.role).contends, false);
  }
  void on(const core::input::barrier_done&);
  void on(const core::action::append&);
  void on(const core::action::read_back&) {
    at_end_ = false;
    settle_claims();
  }
  void on(const core::action::give_back&);
  void on(const core::action::finished&);
  void on(const core::action::emit&);
  void on(const core::action::lead&);
  void on(const core::action::stop_leading& a) { of(a.role).leading = false; }
  void on(const core::action::hindered&);
  void on(const core::action::run_barrier&);
  void on(const core::action::cancel_barrier&);
  void on(const core::action::abandon_barrier&);
  /// All other inputs and actions imply no duty.
  template <class T>
  void on(const T&) {}
  /// The next reading may be a new beginning, which gives up a claim under way.
  void settle_claims();
  void forget(const std::string& role);
  void outcome(core::ticket);
  void told(const std::string& role, const leader_acquired&);
  void told(const std::string& role, const leader_revoked&);
  void told(const std::string& role, const leader_fenced&);
  void told(const std::string& role, const leader_changed&);
  template <class T>
  void told(const std::string&, const T&) {}
  void check_open();
  void check_number(const std::string& claims, core::token, const part&);
  void expect(bool what, const std::string& otherwise);
  void sends(core::ticket, const core::claim&);
  void sends(core::ticket, const core::heartbeat&);
  void sends(core::ticket, const core::release&);
  void note_time(core::stamp);
  void reads(core::offset, const core::claim&);
  void reads(core::offset, const core::heartbeat&);
  void reads(core::offset, const core::release&);
  void other_has_written(core::offset, const std::string& role, const core::author&);
  /// Whether the annals tell of the log that it has read.
  bool is_known() const { return annals_.tell_of(place_.at, place_.what); }
  /// Whether the record there was not void, by the annals.
  bool counted(const std::string& role, core::offset at) const {
    return annals_.at(role, at).last_counted == at;
  }

  checks& checks_;
  const annals& annals_;
  const std::string who_;
  const arbitration how_;
  core::instant now_ = core::instant::min();
  bool at_end_ = false;
  bool is_new_ = false;
  core::offset read_up_to_ = core::before_first;
  struct {
    core::offset at = core::before_first;
    core::fingerprint what = 0;
  } place_;  ///< the last record that it has read, if possible in the log of the annals
  core::stamp latest_ = 0;  ///< the latest time at which the log took a record that was read
  std::optional<core::span>
      log_ahead_;  ///< how far the log's clock may be ahead of this process's clock
  std::map<std::string, part> parts_;
  std::map<std::uint64_t, core::instant> beats_;  ///< when they were sent
};

}  // namespace neli::sim
