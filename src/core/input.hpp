// SPDX-License-Identifier: BSL-1.0
// Everything that can happen to the machine.
#pragma once

#include "core/record.hpp"

#include <string>
#include <variant>

namespace neli::core::input {

// --- from the ledger ---

/// Reading starts at `since`; `beginning` when nothing older is there. The log's name, where the
/// store can tell it, is another one when the log has been deleted and made anew.
struct reading {
  offset since = 0;
  bool beginning = false;
  std::string log{};
};
/// The next record in order, or something that is none.
struct read {
  offset at = 0;
  std::variant<core::record, core::unreadable> what;
  core::stamp stamp = 0;
  core::fingerprint fingerprint = 0;
};
/// Everything that the ledger held a moment ago has been read.
struct end_reached {};
/// The ledger was truncated or made anew: the reader no longer knows where it stands.
struct gap {};
struct appended {
  core::ticket ticket = 0;
};
struct append_failed {
  core::ticket ticket = 0;
};

// --- from the membership ---

struct assigned {
  std::string role;
};
/// The group wants the role back and waits for the answer.
struct asked_back {
  std::string role;
};
/// The group has given the role to somebody else, or may have.
struct lost {
  std::string role;
};
/// This member has left the group, and all its roles with it.
struct left {};

// --- from the user ---

/// Contend for the role from now on. A role has one candidate at a time.
struct contend {
  std::string role;
};
/// Tell who leads the role from now on.
struct watch {
  std::string role;
};
struct unwatch {
  std::string role;
};
/// The answer to `action::run_barrier`: it has returned or thrown.
struct barrier_done {
  std::string role;
  std::uint64_t id = 0;
};
struct resign {
  std::string role;
  milliseconds stand_back{};
};
struct close {
  std::string role;
};
/// The candidate was destroyed. It sends no release: its lease runs out.
struct drop {
  std::string role;
};
/// The store has failed. No release is sent, and nothing is waited for.
struct fail {};
struct set_metadata {
  std::string metadata;
};

/// Nothing but time has passed.
struct tick {};

}  // namespace neli::core::input

namespace neli::core {

using any_input =
    std::variant<input::reading, input::read, input::end_reached, input::gap, input::appended,
                 input::append_failed, input::assigned, input::asked_back, input::lost, input::left,
                 input::contend, input::watch, input::unwatch, input::barrier_done, input::resign,
                 input::close, input::drop, input::fail, input::set_metadata, input::tick>;

}  // namespace neli::core
