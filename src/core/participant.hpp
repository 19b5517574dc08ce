// SPDX-License-Identifier: BSL-1.0
// The whole protocol for one process on one ledger: a pure machine. Time and input go in, actions
// and one next deadline come out.
#pragma once

#include "core/action.hpp"
#include "core/candidate.hpp"
#include "core/context.hpp"
#include "core/input.hpp"
#include "core/recollection.hpp"
#include "core/role_view.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace neli::core {

class participant {
 public:
  participant(settings, identity);

  /// What to do first: start reading.
  const actions& start(instant now);
  /// The actions are valid until the next call.
  const actions& step(instant now, const any_input&);
  /// When to step next, with `tick`, although nothing else has happened.
  instant deadline() const;

  /// When it sent the last heartbeat, and when the next one is due, if one is.
  std::optional<instant> last_beat() const { return last_beat_; }
  std::optional<instant> next_beat() const;
  /// How long the newest heartbeat took that came back, if one did.
  std::optional<span> round_trip() const { return round_trip_; }
  /// Whether everything in the ledger has been read.
  bool at_end() const { return context_.at_end; }
  standing leader_at(const std::string& role, instant now) const;
  /// Who leads the role, as was last announced.
  standing announced(const std::string& role) const;
  const identity& self() const { return context_.self; }
  /// The candidate for the role, or null.
  const core::candidate* candidate(const std::string& role) const;

 private:
  struct role_state {
    std::string role;
    role_view view;
    std::optional<core::candidate> candidate;
    int watchers = 0;
    bool assigned = false;
    standing told{std::nullopt, vacancy::unknown};
    token highest_told = 0;
    bool held = false;
    bool open = false;
    bool asks = false;
    std::optional<hindrance> hindered_by;  ///< as was told last
    instant due = never;

    bool wanted() const { return candidate || watchers > 0; }
  };

  void on(const input::reading&);
  void on(const input::read&);
  void on(const input::end_reached&);
  void on(const input::gap&);
  void on(const input::appended&);
  void on(const input::append_failed&);
  void on(const input::assigned&);
  void on(const input::asked_back&);
  void on(const input::lost&);
  void on(const input::left&);
  void on(const input::contend&);
  void on(const input::watch&);
  void on(const input::unwatch&);
  void on(const input::barrier_done&);
  void on(const input::resign&);
  void on(const input::close&);
  void on(const input::drop&);
  void on(const input::fail&);
  void on(const input::set_metadata&);
  void on(const input::tick&) {}

  void read(offset, const claim&, basis);
  void read(offset, const heartbeat&, basis);
  void read(offset, const release&, basis);
  void doubt(offset);
  void read_again();
  bool goes_on(const input::reading&) const;
  void begin_anew(offset since);
  bool note(const input::read&);
  bool recognizes(const input::read&);
  void note_new_time(const input::read&);

  role_state& state_of(const std::string& role);
  void outcome(ticket, void (candidate::*)(ticket));
  void catch_up(role_state&);
  void run_due();
  void advance(role_state&);
  void advance_all();
  void announce(role_state&);
  void note_hindrance(role_state&);
  bool leaves_open(const role_state&) const;
  void beat_if_due();
  void beat(const std::vector<heartbeat::entry>& held, const std::vector<std::string>& open);
  instant now() const { return context_.now; }

  context context_;
  std::map<std::string, std::unique_ptr<role_state>, std::less<>> roles_;
  std::set<std::pair<instant, std::string_view>> schedule_;  ///< roles by when they are due

  std::optional<input::reading> reading_;
  std::uint64_t tail_;
  std::string log_;                  ///< its name, if the store tells it
  recollection memory_;              ///< of that log
  std::optional<offset> last_read_;  ///< in it
  struct known_record {
    offset at = before_first;
    fingerprint what = 0;
  };
  std::optional<known_record> to_recognize_;  ///< what was read last, and has to come again
  offset doubted_ = before_first;             ///< the last record that made it doubt
  bool doubts_ = false;                       ///< and reads again when it has come to the end
  std::optional<instant> reached_end_;        ///< first, of the ledger as it is now
  offset first_end_ = before_first;           ///< the last offset read by then

  std::uint64_t last_seq_ = 0;
  std::map<std::uint64_t, instant> sent_;  ///< own heartbeats that may still come back
  std::optional<instant> last_beat_;
  instant next_beat_ = never;
  std::optional<span> round_trip_;
};

}  // namespace neli::core
