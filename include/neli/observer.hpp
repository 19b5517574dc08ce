// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <neli/clock.hpp>
#include <neli/detail/api.hpp>
#include <neli/event.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace neli {

/// What a step of the election begins with.
enum class input_kind {
  start,          ///< the first step
  reading,        ///< reading of the ledger begins, or begins anew
  read,           ///< a record was read
  end_reached,    ///< the ledger was read to its end
  gap,            ///< what comes next does not follow what was read
  appended,       ///< an own record was appended
  append_failed,  ///< an append failed, or its outcome is not known
  assigned,       ///< the group gives a role to this member,
  asked_back,     ///< wants it back,
  lost,           ///< or has taken it away
  left,           ///< the member has left the group
  contend,        ///< a candidate is made
  watch,          ///< a follower is made,
  unwatch,        ///< or is gone
  barrier_done,   ///< a barrier has returned
  resign,         ///< `candidate::resign()`
  close,          ///< `candidate::close()`
  drop,           ///< a candidate is destroyed
  fail,           ///< the store has failed
  set_metadata,   ///< `update_metadata()`
  tick,           ///< nothing but time
};

/// What a step asks for.
enum class action_kind {
  append,           ///< append a record
  read_back,        ///< read the ledger anew, from further back
  emit,             ///< tell an event
  lead,             ///< the candidate leads, until a new end of its lease
  stop_leading,     ///< the candidate does not lead any more
  run_barrier,      ///< run the user's barrier,
  cancel_barrier,   ///< cancel it,
  abandon_barrier,  ///< or wait for it no longer
  give_back,        ///< give a role back to the group
  hindered,         ///< something else keeps the candidate from leading
  finished,         ///< a candidate has given everything up
};

/// One word for each, as it is spelled above and in traces.
NELI_API std::string_view to_string(input_kind) noexcept;
NELI_API std::string_view to_string(action_kind) noexcept;

namespace detail {
struct raw_step;
}

/// One step of the election in one session: a view, valid during the call of the observer.
class NELI_API election_step {
 public:
  explicit election_step(const detail::raw_step& raw) : raw_{raw} {}

  clock::time_point at() const noexcept;
  input_kind input() const noexcept;

  std::size_t actions() const noexcept;
  action_kind action(std::size_t) const;
  /// The role that the action is about; empty: no single one.
  std::string_view role_of_action(std::size_t) const;

  /// All of the step, as a line of a trace: one JSON object, without the end of the line.
  std::string to_json() const;

 private:
  const detail::raw_step& raw_;
};

/// Sees what happens in a session, for metrics, traces and debugging. Derive from it and override
/// what is of interest.
///
/// All functions are called one after the other, on a thread that runs the session's executor, from
/// within its work: they must be quick, must not throw and must not call neli. One observer may
/// serve several sessions, and then has to be thread-safe if several threads run them.
class NELI_API observer {
 public:
  virtual ~observer();

  /// Each step, before its actions are done.
  virtual void stepped(const election_step&) {}
  /// An own record was appended, so long after it was handed to the store.
  virtual void appended(clock::duration) {}
  /// An append failed, or its outcome is not known.
  virtual void append_failed(clock::duration) {}
  /// Part of the store, "reading the ledger" for instance, does not work, or, without a code, works
  /// again: for instance after it was connected anew.
  virtual void store_trouble(std::string_view /*part*/, const trouble&) {}
};

/// An observer that writes a trace: it hands over a line of JSON for each step, with all that came
/// in, when, and all that was done about it. `scripts/trace` checks traces against the protocol.
NELI_API std::shared_ptr<observer> make_tracer(std::function<void(std::string_view line)>);

}  // namespace neli
