// SPDX-License-Identifier: BSL-1.0
// What one process may do, given what it has been told. Much that breaks a rule of docs/protocol.md
// does no harm but in a rare coincidence; here it is seen when it happens.
#pragma once

#include "core/action.hpp"
#include "core/input.hpp"
#include "sim/annals.hpp"
#include "sim/checks.hpp"
#include <neli/config.hpp>
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

  /// One step: what it is told, and the time by its clock,
  void takes(core::instant now, const core::any_input&);
  /// and what it does about it.
  void does(const core::any_action& a) {
    std::visit([this](const auto& one) { on(one); }, a);
  }
  /// When it wants to go on though nothing happens.
  void asks_to_be_woken(core::instant);
  /// It has stood still while a barrier of the role's ran.
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
    giving given_before = giving::none;  ///< this step: what is due comes before what is told
    bool contends = false;
    bool closing = false;
    core::instant open_until = core::instant::min();
    core::token highest = 0;  ///< that was used, as far as it must know,
    core::token most = 0;     ///< and as far as it may
    std::optional<sent_claim> claim;
    std::optional<sent_release> release;
    std::set<core::token> over;      ///< terms of its own that it has given up or was fenced from,
    std::set<core::token> released;  ///< and those that it has released
    core::token kept_term = 0;
    core::instant kept = core::instant::min();  ///< when the newest record was sent that came back
    std::map<std::string, core::instant> must_pass;  ///< others' leases
    core::instant not_before = core::instant::min();
    core::instant lost_lease = core::instant::min();  ///< the end of the one it was fenced from
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
  void on(const core::action::run_barrier&);
  void on(const core::action::cancel_barrier&);
  void on(const core::action::abandon_barrier&);
  /// All else binds it to nothing.
  template <class T>
  void on(const T&) {}
  /// What is read next may not follow from what was read: then a claim under way is given up.
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
  /// Whether the annals tell of all that it has read, and
  bool is_known() const { return annals_.tell_of(place_.at, place_.what); }
  /// whether, by them, the record there was not void.
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
  } place_;  ///< the last that it has read, in the log that the annals tell of if in any
  core::stamp latest_ = 0;               ///< when the log took what was read,
  std::optional<core::span> log_ahead_;  ///< and how far its clock may be ahead of this one
  std::map<std::string, part> parts_;
  std::map<std::uint64_t, core::instant> beats_;  ///< when they were sent
};

}  // namespace neli::sim
