// SPDX-License-Identifier: BSL-1.0
// Watches one participant and ends the process when it does what it must never do, whatever the
// ledger holds.
#pragma once

#include "core/participant.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace neli::fuzz {

class witness {
 public:
  /// `forged`: the ledger may hold records in the participant's name that it did not write, and
  /// those may well extend its lease.
  witness(core::settings s, std::string self, bool forged)
      : settings_{s}, self_{std::move(self)}, forged_{forged} {}

  void before(core::instant, const core::any_input&);
  /// What the machine has answered.
  void after(const core::participant&, const core::actions&);

  bool contends(const std::string& role) const { return of(role).contends; }
  bool watches(const std::string& role) const { return of(role).watchers > 0; }
  /// A barrier that runs, or has been abandoned: it may answer any time.
  const std::set<std::pair<std::string, std::uint64_t>>& barriers() const { return unanswered_; }

 private:
  enum class turn { none, acquired, revoked };
  struct part {
    // as the inputs say
    bool contends = false;
    bool closing = false;
    bool assigned = false;
    bool owes = false;                                ///< the group waits for it
    core::instant open_until = core::instant::min();  ///< the owner leaves it to others
    int watchers = 0;
    // as the actions say
    turn at = turn::none;
    core::token term = 0;     ///< of the turn
    core::token highest = 0;  ///< acquired
    bool leads = false;       ///< between lead and stop_leading
    core::token claimed = 0;  ///< last
    std::set<core::token> given_up;
    std::optional<std::uint64_t> barrier;
    bool barrier_cancelled = false;
    core::token told = 0;  ///< highest
    /// When the newest own record of the term was sent that was read back.
    std::map<core::token, core::instant> kept_alive_at;
  };

  const part& of(const std::string&) const;

  void note(const core::input::reading&);
  void note(const core::input::read&);
  void note(const core::input::gap&);
  void note(const core::input::assigned& i) { roles_[i.role].assigned = true; }
  void note(const core::input::asked_back&);
  void note(const core::input::lost&);
  void note(const core::input::left&);
  void note(const core::input::contend&);
  void note(const core::input::watch& i) { ++roles_[i.role].watchers; }
  void note(const core::input::unwatch& i) { --roles_[i.role].watchers; }
  void note(const core::input::barrier_done&);
  void note(const core::input::close& i) { roles_[i.role].closing = true; }
  void note(const core::input::drop&);
  void note(const core::input::fail&);
  void note(const auto&) {}

  void note_read(const core::claim&);
  void note_read(const core::heartbeat&);
  void note_read(const core::release&) {}

  void see(const core::action::append&);
  void see(const core::action::read_back&) {}
  void see(const core::action::emit&);
  void see(const core::action::lead&);
  void see(const core::action::stop_leading&);
  void see(const core::action::run_barrier&);
  void see(const core::action::cancel_barrier&);
  void see(const core::action::abandon_barrier&);
  void see(const core::action::give_back&);
  void see(const core::action::hindered&);
  void see(const core::action::finished&);

  void see_sent(const core::claim&);
  void see_sent(const core::heartbeat&);
  void see_sent(const core::release&);

  void see_event(part&, const leader_acquired&);
  void see_event(part&, const leader_revoked&);
  void see_event(part&, const leader_fenced&);
  void see_event(part&, const leader_changed&);
  void see_event(part&, const auto&);

  void check(const core::participant&, const std::string& name, const part&) const;

  const core::settings settings_;
  const std::string self_;
  const bool forged_;
  core::instant now_{};
  std::map<std::string, part> roles_;
  core::ticket last_ticket_ = 0;
  std::uint64_t last_seq_ = 0;
  core::offset read_up_to_ = core::before_first;
  std::optional<core::offset> last_read_;      ///< of this log
  std::optional<core::offset> to_come_again_;  ///< before what is new
  std::map<std::pair<std::string, core::token>, core::instant> claims_sent_;
  std::map<std::uint64_t, core::instant> heartbeats_sent_;
  std::set<std::pair<std::string, std::uint64_t>> unanswered_;
};

}  // namespace neli::fuzz
