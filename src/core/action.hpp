// SPDX-License-Identifier: BSL-1.0
// Everything that the machine can ask its shell to do.
#pragma once

#include "core/record.hpp"
#include <neli/event.hpp>

#include <string>
#include <variant>
#include <vector>

namespace neli::core::action {

/// Append to the ledger, in the order asked; answer with `appended` or `append_failed`.
struct append {
  core::ticket ticket = 0;
  core::record record;
};
/// Start reading anew, this many records before the end (all, if there are fewer).
struct read_back {
  std::uint64_t records = 0;
};
/// Tell whoever listens.
struct emit {
  std::string role;
  neli::event event;
};
/// From now on and until `until` this candidate leads; asked again whenever the lease grows.
struct lead {
  std::string role;
  core::token term = 0;
  instant until;
};
/// This candidate does not lead (any more).
struct stop_leading {
  std::string role;
};
/// Run the user's barrier; answer with `barrier_done` and the same id.
struct run_barrier {
  std::string role;
  std::uint64_t id = 0;
  neli::event event;
};
/// Cancel that barrier; it still answers when it returns.
struct cancel_barrier {
  std::string role;
  std::uint64_t id = 0;
};
/// The barrier ignored its cancellation; it is not waited for any longer.
struct abandon_barrier {
  std::string role;
  std::uint64_t id = 0;
};
/// Answer the group's wish to have the role back.
struct give_back {
  std::string role;
};
/// The candidate has given everything up; nothing more comes from it.
struct finished {
  std::string role;
};

}  // namespace neli::core::action

namespace neli::core {

using any_action = std::variant<action::append, action::read_back, action::emit, action::lead,
                                action::stop_leading, action::run_barrier, action::cancel_barrier,
                                action::abandon_barrier, action::give_back, action::finished>;

using actions = std::vector<any_action>;

}  // namespace neli::core
